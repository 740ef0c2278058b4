//! The native kernel of firsthop's bulk path: the bytes of many messages in, the columns of
//! evidence/schema/ out.
//!
//! It knows no dialect of Received lines, no server and no sentence: expressions, forms and
//! words come from Python, which has them from its tables. What it does not know it hands
//! over, line by line or message by message, and takes Python's answer in. So its columns
//! equal those of the Python path; tests compare the two. It keeps no message, asks no
//! clock, opens no file and never panics across its boundary.
#![deny(unsafe_code)]

pub mod address;
pub mod answers;
pub mod batch;
pub mod boundary;
pub mod columns;
pub mod dialect;
#[allow(unsafe_code)]
pub mod ffi;
pub mod forms;
pub mod hashing;
pub mod header;
pub mod hops;
pub mod keys;
pub mod line;
pub mod machine;
pub mod mailbox;
pub mod message;
pub mod message_id;
pub mod places;
pub mod prepared;
pub mod program;
pub mod questions;
pub mod queue_id;
pub mod recipe;
pub mod schema;
pub mod stamp;
pub mod table;
pub mod text;
pub mod wire;
pub mod words;
