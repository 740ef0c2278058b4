//! The native kernel of firsthop's bulk path: the bytes of many messages in, the columns of
//! evidence/schema/ out; and the content of a message, where somebody asks for it.
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
pub mod checksum;
pub mod clause;
pub mod columns;
pub mod composer;
pub mod content;
pub mod dialect;
pub mod errors;
#[allow(unsafe_code)]
pub mod ffi;
pub mod forms;
pub mod hashing;
pub mod header;
pub mod hops;
pub mod kept;
pub mod keys;
pub mod lessons;
pub mod letters;
pub mod like;
pub mod line;
pub mod machine;
pub mod mailbox;
#[allow(unsafe_code)]
pub mod memory;
pub mod message;
pub mod message_id;
pub mod notes;
pub mod objects;
pub mod parted;
pub mod passages;
pub mod places;
pub mod prepared;
pub mod program;
pub mod questions;
pub mod queue_id;
pub mod rare_steps;
pub mod recipe;
pub mod schema;
pub mod setup;
pub mod sources;
pub mod stamp;
pub mod table;
pub mod text;
pub mod times;
pub mod views;
pub mod ways;
pub mod wire;
pub mod words;
pub mod written;
pub mod zone;
