//! How did a job end? From a thread's outcome to what is shown.

use super::entry::{JobState, Proof, What};
use super::work::Finished;
use crate::app::messages::Message;
use crate::job::{Kept, Outcome};

pub(super) fn ended(
    outcome: Outcome<Finished, Message>,
    what: What,
    kept: Option<Kept>,
) -> JobState {
    match outcome {
        Outcome::Finished(Finished::Import(report)) => JobState::Imported {
            report,
            proof: Proof::NotAsked,
        },
        Outcome::Finished(Finished::Export(report)) => JobState::Exported(report),
        Outcome::Finished(Finished::Verify(_)) | Outcome::Cancelled => JobState::Cancelled(kept),
        Outcome::Failed(message) => JobState::Failed { message, kept },
        Outcome::Panicked(words) => {
            let title = match what {
                What::Import => "The import stopped by a fault of this program",
                What::Export => "The export stopped by a fault of this program",
            };
            let message = our_fault(title, &words);
            JobState::Failed { message, kept }
        }
    }
}

fn our_fault(title: &str, words: &str) -> Message {
    Message::from_words(title, words, None)
        .remedy("Please report it with the details. Your files were not changed.")
}

pub(super) fn proved(outcome: Outcome<Finished, Message>) -> Proof {
    match outcome {
        Outcome::Finished(Finished::Verify(report)) => Proof::Found(report),
        Outcome::Finished(Finished::Import(_) | Finished::Export(_)) | Outcome::Cancelled => {
            Proof::NotAsked
        }
        Outcome::Failed(message) => Proof::Failed(message),
        Outcome::Panicked(words) => Proof::Failed(our_fault(
            "Verifying stopped by a fault of this program",
            &words,
        )),
    }
}
