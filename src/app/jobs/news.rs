//! What is said of a job that ended out of sight?

use super::card_done;
use super::entry::{JobEntry, JobState, Proof, What};
use super::seconds;
use crate::app::messages::{Message, Severity};
use crate::app::numbers;
use crate::job::Kept;

pub(super) fn announcement(job: &JobEntry) -> Option<Message> {
    let name = numbers::file_name(&job.source);
    match &job.state {
        JobState::Imported { proof, .. }
            if !matches!(proof, Proof::NotAsked | Proof::Running(_)) =>
        {
            Some(card_done::verdict(proof, &name))
        }
        JobState::Imported { report, .. } => Some(Message::new(
            Severity::Success,
            &format!("{name} is imported"),
            format!(
                "{} in {}.",
                numbers::plural(report.manifest.array.n_traces, "trace", "traces"),
                numbers::duration(seconds(report.manifest.timings.seconds))
            ),
        )),
        JobState::Exported(report) => Some(Message::new(
            Severity::Success,
            &format!("{name} is exported"),
            format!(
                "{} in {}.",
                numbers::bytes(report.bytes),
                report.path.display()
            ),
        )),
        JobState::Cancelled(kept) => Some(match (job.what, kept) {
            (What::Import, Some(kept)) => Message::new(
                Severity::Info,
                "Import stopped",
                format!(
                    "{} of {name} is kept; it can go on later.",
                    share_words(kept)
                ),
            ),
            (What::Import, None) => Message::new(
                Severity::Info,
                "Import cancelled",
                format!("Nothing of {name} was left on disk."),
            ),
            (What::Export, _) => Message::new(
                Severity::Info,
                "Export cancelled",
                format!("{} was not written.", numbers::file_name(&job.output)),
            ),
        }),
        JobState::Failed { message, .. } => Some(message.clone()),
        JobState::Queued(_) | JobState::Running(_) => None,
    }
}

/// "62 %".
pub(crate) fn share_words(kept: &Kept) -> String {
    format!("{:.0} %", (kept.share_done * 100.0).floor())
}
