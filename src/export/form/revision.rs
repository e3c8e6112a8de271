//! Which revision of the standard does the new file need? Rules by which older ones lack something.

use super::plan::{Original, SHORT_COUNT, unfit};
use super::{ExportForm, FormChange};
use crate::export::ExportError;
use crate::segy::{ByteOrder, Revision, SampleFormat};
use crate::wording;

/// What the standard must know of.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    pub(super) format: SampleFormat,
    pub(super) byte_order: ByteOrder,
    pub(super) n_samples: u32,
}

/// The revision of the new file; notes why it is not the old one, and rules that it breaks.
pub(super) fn revision(
    from: &Original,
    form: &ExportForm,
    wanted: Wanted,
    changes: &mut Vec<FormChange>,
) -> Result<Revision, ExportError> {
    let rules = broken_rules(wanted);
    let revision = if let Some(asked) = form.revision {
        if asked.major < 2 && wanted.n_samples > SHORT_COUNT {
            return Err(unfit(format!(
                "revision {asked} counts at most {} samples per trace, and these have {}; choose --revision 2, or fewer with --time A..B",
                wording::count(u64::from(SHORT_COUNT)),
                wording::count(u64::from(wanted.n_samples))
            )));
        }
        let broken = rules.iter().filter(|rule| asked.major < rule.since_major);
        changes.extend(broken.map(|rule| FormChange::AgainstTheStandard {
            rule: rule.says.clone(),
        }));
        asked
    } else {
        // What the imported file did already, the new one may do as well.
        let newly_broken = rules.iter().filter(|rule| {
            let is_new = match rule.about {
                About::Format => wanted.format != from.format,
                About::ByteOrder => wanted.byte_order != from.byte_order,
            };
            is_new && from.revision.major < rule.since_major
        });
        let Some(rule) = newly_broken.max_by_key(|rule| rule.since_major) else {
            return Ok(from.revision);
        };
        let to = Revision {
            major: rule.since_major,
            minor: 0,
        };
        changes.push(FormChange::Revision {
            from: from.revision,
            to,
            because: Some(rule.says.clone()),
        });
        return Ok(to);
    };
    if revision != from.revision {
        changes.push(FormChange::Revision {
            from: from.revision,
            to: revision,
            because: None,
        });
    }
    Ok(revision)
}

/// Something that older revisions do not have.
struct Rule {
    about: About,
    since_major: u8,
    says: String,
}

enum About {
    Format,
    ByteOrder,
}

fn broken_rules(wanted: Wanted) -> Vec<Rule> {
    let mut rules = Vec::new();
    let since_major = match wanted.format.code() {
        1..=4 => 0,
        5 | 8 => 1,
        _ => 2,
    };
    if since_major > 0 {
        rules.push(Rule {
            about: About::Format,
            since_major,
            says: format!(
                "format {} ({}) is known since revision {since_major}",
                wanted.format.code(),
                wanted.format.label()
            ),
        });
    }
    if wanted.byte_order != ByteOrder::Big {
        rules.push(Rule {
            about: About::ByteOrder,
            since_major: 2,
            says: "before revision 2 all files are big-endian".to_owned(),
        });
    }
    rules
}
