//! A Received line without its time: where that stands, and what stands around it.

use crate::line::Why;
use crate::machine::Machine;
use crate::stamp::{self, Stamp};
use crate::times::{Times, Unsure};

/// Stands for a time in the middle of a line (evidence/received/line_pattern.py).
const BEHIND_TIME: &[u8] = b" \n";

/// Where the time of a line stands, and what parts of the line stand around it.
pub struct Parted {
    pub front: (usize, usize),
    pub time: (usize, usize),
    pub tail: (usize, usize),
    pub stamp: Stamp,
}

/// A line in three parts, as Python takes its time out (clauses.py, `_part_stamp`): soon
/// where the time is behind the last semicolon and is all that stands there.
pub fn parted(line: &[u8], times: &Times, machine: &mut Machine) -> Result<Parted, Why> {
    let soon = line.windows(2).rposition(|two| two == b"; ");
    if let Some(stop) = soon {
        let back = &line[stop + 2..];
        let stamp = stamp::read(back, &times.zones);
        // a semicolon in a comment parts the line for Python
        if let Some(stamp) = stamp.filter(|_| !back.contains(&b';')) {
            return Ok(around(line, stop + 2, line.len(), stamp));
        }
    }
    let sure = |found: Result<_, Unsure>| found.map_err(|Unsure| Why::Stamp);
    if let Some(semicolon) = line.iter().rposition(|&byte| byte == b';') {
        let blank = line[semicolon + 1..]
            .iter()
            .take_while(|&&byte| is_blank(byte));
        let start = semicolon + 1 + blank.count();
        if let Some((stamp, size)) = sure(times.begin(&line[start..], machine))? {
            return Ok(around(line, start, start + size, stamp));
        }
    }
    match times.find(line, machine).map_err(|Unsure| Why::Stamp)? {
        Some((stamp, start, stop)) => Ok(around(line, start, stop, stamp)),
        None => Err(Why::Stamp),
    }
}

/// What stands around a time, without the signs and the white space that part them.
fn around(line: &[u8], start: usize, stop: usize, stamp: Stamp) -> Parted {
    let front = line[..start].iter().rev();
    let cut = front
        .take_while(|&&byte| byte == b';' || byte == b' ')
        .count();
    let tail = line[stop..].iter();
    let blank = tail.take_while(|&&byte| is_blank(byte)).count();
    let back = line[stop + blank..].iter().rev();
    let end = line.len() - back.take_while(|&&byte| is_blank(byte)).count();
    Parted {
        front: (0, start - cut),
        time: (start, stop),
        tail: (stop + blank, end),
        stamp,
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, 9..=13 | 28..=32)
}

/// The line without its time, where something stands behind that; else nothing.
pub fn join(line: &[u8], parted: &Parted, out: &mut Vec<u8>) {
    out.clear();
    if parted.tail.0 < parted.tail.1 {
        out.extend_from_slice(&line[..parted.front.1]);
        out.extend_from_slice(BEHIND_TIME);
        out.extend_from_slice(&line[parted.tail.0..parted.tail.1]);
    }
}
