//! Where the columns stand that are filled here, by their names.

use crate::schema::{place, HEADER_FIELDS, HOPS, MESSAGES};

/// The columns of a time: instant, offset, zone's name, defects.
pub type StampColumns = [usize; 4];

pub const MESSAGE_ID: usize = place(MESSAGES, "message_id");
pub const FROM_NAME: usize = place(MESSAGES, "from_display_name");
pub const FROM_START: usize = place(MESSAGES, "from_start");
pub const SUBJECT_OF: usize = place(MESSAGES, "subject");
pub const DATE_RAW: usize = place(MESSAGES, "date_raw");
pub const DATE_START: usize = place(MESSAGES, "date_start");
pub const DATE_COLUMNS: StampColumns = [
    place(MESSAGES, "date"),
    place(MESSAGES, "date_offset_minutes"),
    place(MESSAGES, "date_zone_name"),
    place(MESSAGES, "date_defects"),
];
pub const MAILER: usize = place(MESSAGES, "mailer");
pub const HOPS_COUNT: usize = place(MESSAGES, "hops");
pub const BOUNDARY_REASON: usize = place(MESSAGES, "boundary_reason");
pub const FIELD_NAMES: usize = place(MESSAGES, "field_names");
pub const DEFECTS_OF_MESSAGE: usize = place(MESSAGES, "defects");
pub const MESSAGE_OF_HOP: usize = place(HOPS, "message");
pub const TRUST: usize = place(HOPS, "trust");
pub const SPAN_START: usize = place(HOPS, "span_start");
pub const RAW: usize = place(HOPS, "raw");
pub const BY_HOST: usize = place(HOPS, "by_host");
pub const MTA: usize = place(HOPS, "mta");
pub const QUEUE_ID: usize = place(HOPS, "queue_id");
pub const STAMP_RAW: usize = place(HOPS, "stamp_raw");
pub const STAMP_COLUMNS: StampColumns = [
    place(HOPS, "stamp"),
    place(HOPS, "stamp_offset_minutes"),
    place(HOPS, "stamp_zone_name"),
    place(HOPS, "stamp_defects"),
];
pub const MESSAGE_OF_KEPT: usize = place(HEADER_FIELDS, "message");
pub const KEPT_NAME: usize = place(HEADER_FIELDS, "name");
pub const KEPT_RAW: usize = place(HEADER_FIELDS, "raw");
pub const KEPT_START: usize = place(HEADER_FIELDS, "span_start");
pub const KEPT_LINE: usize = place(HEADER_FIELDS, "line");
