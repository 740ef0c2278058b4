//! CRC-32 as zlib has it (ISO 3309), eight bytes a step.

const POLYNOMIAL: u32 = 0xedb8_8320;
const STEP: usize = 8;
/// What a byte does to the sum, by how many bytes come behind it in the step.
static TABLES: [[u32; 256]; STEP] = tables();

const fn tables() -> [[u32; 256]; STEP] {
    let mut tables = [[0; 256]; STEP];
    let mut byte = 0;
    while byte < 256 {
        let mut sum = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            sum = (sum >> 1) ^ (POLYNOMIAL & (sum & 1).wrapping_neg());
            bit += 1;
        }
        tables[0][byte] = sum;
        byte += 1;
    }
    let mut behind = 1;
    while behind < STEP {
        let mut byte = 0;
        while byte < 256 {
            let sum = tables[behind - 1][byte];
            tables[behind][byte] = (sum >> 8) ^ tables[0][(sum & 255) as usize];
            byte += 1;
        }
        behind += 1;
    }
    tables
}

pub fn crc32(data: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    let mut steps = data.chunks_exact(STEP);
    for step in &mut steps {
        let word = u64::from_le_bytes(step.try_into().unwrap_or_default()) ^ u64::from(sum);
        sum = 0;
        for (place, byte) in word.to_le_bytes().into_iter().enumerate() {
            sum ^= TABLES[STEP - 1 - place][byte as usize];
        }
    }
    for &byte in steps.remainder() {
        sum = (sum >> 8) ^ TABLES[0][(sum as u8 ^ byte) as usize];
    }
    !sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_zlib() {
        assert_eq!(crc32(b""), 0);
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(&[b'a'; 43]), 0xf354_0f52);
    }
}
