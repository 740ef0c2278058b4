//! Where the fields stand that a message's row is made of.

use crate::header::{Field, Header};

/// Where the fields stand that a message's row is made of.
#[derive(Default)]
pub struct Places {
    pub message_id: Option<Field>,
    pub from: Option<Field>,
    pub second_from: bool,
    pub subject: Option<Field>,
    pub date: Option<Field>,
    pub x_mailer: Option<Field>,
    pub user_agent: Option<Field>,
    pub received: Vec<Field>,
}

impl Places {
    /// Finds them in a header; what was found before goes.
    pub fn find(&mut self, data: &[u8], header: &Header) {
        let received = std::mem::take(&mut self.received);
        *self = Places {
            received,
            ..Places::default()
        };
        self.received.clear();
        for &field in &header.fields {
            match field.name {
                4 if field.is(data, b"from") => {
                    self.second_from = self.from.is_some();
                    self.from.get_or_insert(field);
                }
                4 if field.is(data, b"date") => {
                    self.date.get_or_insert(field);
                }
                7 if field.is(data, b"subject") => {
                    self.subject.get_or_insert(field);
                }
                8 if field.is(data, b"received") => self.received.push(field),
                8 if field.is(data, b"x-mailer") => {
                    self.x_mailer.get_or_insert(field);
                }
                10 if field.is(data, b"message-id") => {
                    self.message_id.get_or_insert(field);
                }
                10 if field.is(data, b"user-agent") => {
                    self.user_agent.get_or_insert(field);
                }
                _ => {}
            }
        }
    }
}
