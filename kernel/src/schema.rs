//! The columns that are filled here, in the order of the case's tables
//! (evidence/schema/); Python compares names and kinds when it loads the kernel. Kinds: `t`
//! text, `i` number, `b` yes or no, `l` list of texts.

pub const MESSAGES: &[(&str, u8)] = &[
    ("message_id", b't'),
    ("message_id_state", b't'),
    ("message_id_start", b'i'),
    ("message_id_stop", b'i'),
    ("from_display_name", b't'),
    ("from_address", b't'),
    ("from_local_part", b't'),
    ("from_domain", b't'),
    ("from_start", b'i'),
    ("from_stop", b'i'),
    ("subject", b't'),
    ("subject_state", b't'),
    ("subject_start", b'i'),
    ("subject_stop", b'i'),
    ("date", b'i'),
    ("date_raw", b't'),
    ("date_offset_minutes", b'i'),
    ("date_zone_name", b't'),
    ("date_defects", b'l'),
    ("date_start", b'i'),
    ("date_stop", b'i'),
    ("mailer", b't'),
    ("mailer_state", b't'),
    ("mailer_start", b'i'),
    ("mailer_stop", b'i'),
    ("hops", b'i'),
    ("boundary_position", b'i'),
    ("boundary_reason", b't'),
    ("field_names", b'l'),
    ("defects", b'l'),
];

pub const HOPS: &[(&str, u8)] = &[
    ("message", b'i'),
    ("position", b'i'),
    ("trust", b't'),
    ("span_start", b'i'),
    ("span_stop", b'i'),
    ("raw", b't'),
    ("dialect", b't'),
    ("kind", b't'),
    ("helo", b't'),
    ("client_name", b't'),
    ("client_name_verified", b'b'),
    ("client_address", b't'),
    ("client_port", b'i'),
    ("by_host", b't'),
    ("by_address", b't'),
    ("mta", b't'),
    ("mta_version", b't'),
    ("protocol", b't'),
    ("authenticated", b'b'),
    ("auth_mechanism", b't'),
    ("auth_identity", b't'),
    ("tls", b'b'),
    ("tls_version", b't'),
    ("tls_cipher", b't'),
    ("queue_id", b't'),
    ("queue_id_scheme", b't'),
    ("queue_id_time", b'i'),
    ("queue_id_microseconds", b'i'),
    ("queue_id_inode", b'i'),
    ("queue_id_pid", b'i'),
    ("queue_id_possible", b'b'),
    ("reverse_path", b't'),
    ("forward_path", b't'),
    ("ident", b't'),
    ("stamp", b'i'),
    ("stamp_raw", b't'),
    ("stamp_offset_minutes", b'i'),
    ("stamp_zone_name", b't'),
    ("stamp_defects", b'l'),
    ("repairs", b'l'),
    ("value_lost", b'l'),
    ("unread", b'l'),
    ("notes", b'l'),
    ("via", b't'),
    ("orcpt", b't'),
];

pub const HEADER_FIELDS: &[(&str, u8)] = &[
    ("message", b'i'),
    ("name", b't'),
    ("raw", b't'),
    ("span_start", b'i'),
    ("span_stop", b'i'),
    ("line", b'i'),
    ("repaired", b't'),
    ("repairs", b'l'),
];

/// The place of a column among those of a table.
pub const fn place(table: &[(&str, u8)], name: &str) -> usize {
    let mut at = 0;
    while at < table.len() {
        if same(table[at].0, name) {
            return at;
        }
        at += 1;
    }
    panic!("no such column")
}

const fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// Names and kinds, as Python compares them.
pub fn told() -> String {
    let table = |columns: &[(&str, u8)]| {
        let one = |(name, kind): &(&str, u8)| format!("{name} {}", *kind as char);
        columns.iter().map(one).collect::<Vec<_>>().join(",")
    };
    [MESSAGES, HOPS, HEADER_FIELDS].map(table).join(";")
}
