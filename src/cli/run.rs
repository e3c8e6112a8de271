//! How does a long task run under a terminal: a progress bar, Ctrl-C, and an exit code?

use std::fmt::Display;
use std::io::IsTerminal;
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::job::{CancelToken, Job, JobContext, Kept, Outcome, ProgressSnapshot, Stop};
use crate::wording;

/// Why a command did not do what it was asked to.
#[derive(Debug)]
pub(super) enum Failure {
    /// With a sentence; exit code 1.
    Failed(String),
    /// The user asked to stop; exit code 130. With what is left behind to go on with.
    Cancelled(Option<Kept>),
}

impl Failure {
    pub(super) fn new(message: impl Display) -> Self {
        Self::Failed(message.to_string())
    }

    /// The same failure, saying which file it is about, once and last; another file or folder that
    /// it is about already is enough.
    pub(super) fn about(self, path: &Path) -> Self {
        let names_one = |message: &str| {
            let labels = [". File: ", ". Folder: ", ". Path: "];
            labels.iter().any(|label| message.contains(label))
        };
        match self {
            Self::Failed(message) if !names_one(&message) => {
                Self::Failed(format!("{message}. File: {}", path.display()))
            }
            Self::Failed(_) | Self::Cancelled(_) => self,
        }
    }

    /// The process's exit code.
    pub(super) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Failed(_) => ExitCode::from(1),
            Self::Cancelled(_) => ExitCode::from(130),
        }
    }
}

/// "63 % is kept in …; the same command with --resume goes on from there."
pub(super) fn kept_sentence(kept: &Kept) -> String {
    format!(
        "{:.0} % is kept; the same command with --resume goes on from there. Folder: {}",
        (100.0 * kept.share_done).floor(),
        kept.path.display()
    )
}

/// The task that Ctrl-C stops, and whether what it has done is kept then.
static RUNNING: Mutex<Option<(CancelToken, bool)>> = Mutex::new(None);
/// Whether Ctrl-C was pressed before: the second press ends the process at once.
static PRESSED: AtomicBool = AtomicBool::new(false);

/// Makes Ctrl-C (and SIGTERM) cancel the running task; a second one ends the process.
fn listen_for_interrupts() {
    static ONCE: OnceLock<()> = OnceLock::new();
    ONCE.get_or_init(|| {
        // Where no handler can be set, Ctrl-C ends the process as it always does.
        drop(ctrlc::set_handler(|| {
            let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
            match running.as_ref() {
                Some((token, keeps)) if !PRESSED.swap(true, Ordering::Relaxed) => {
                    if *keeps {
                        token.cancel_and_keep();
                    } else {
                        token.cancel();
                    }
                }
                Some(_) | None => std::process::exit(130),
            }
        }));
    });
}

/// Runs `task` on a worker thread, with a progress bar on standard error where that is a terminal.
///
/// # Errors
/// The task's own error as a sentence, or that it was cancelled.
pub(super) fn run_task<T, E>(
    name: &str,
    task: impl FnOnce(&JobContext) -> Result<T, Stop<E>> + Send + 'static,
) -> Result<T, Failure>
where
    T: Send + 'static,
    E: Display + Send + 'static,
{
    run_task_keeping(name, false, task)
}

/// [`run_task`]; with `keeps`, an interrupt leaves behind what can be gone on with.
///
/// # Errors
/// As there.
pub(super) fn run_task_keeping<T, E>(
    name: &str,
    keeps: bool,
    task: impl FnOnce(&JobContext) -> Result<T, Stop<E>> + Send + 'static,
) -> Result<T, Failure>
where
    T: Send + 'static,
    E: Display + Send + 'static,
{
    listen_for_interrupts();
    let job = {
        // An interrupt waits for the task to be known: it must cancel, not end the process.
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        let job = Job::spawn(name, || {}, task)
            .map_err(|error| Failure::new(format!("cannot start a worker thread: {error}")))?;
        *running = Some((job.cancel_token().clone(), keeps));
        job
    };
    let bar = std::io::stderr().is_terminal().then(progress_bar);
    let outcome = loop {
        if let Some(outcome) = job.poll() {
            break outcome;
        }
        if let Some(bar) = &bar {
            draw(
                bar,
                &job.progress().snapshot(),
                job.cancel_token().is_cancelled(),
            );
        }
        std::thread::sleep(Duration::from_millis(40));
    };
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    *RUNNING.lock().unwrap_or_else(PoisonError::into_inner) = None;
    match outcome {
        Outcome::Finished(value) => Ok(value),
        Outcome::Cancelled => Err(Failure::Cancelled(job.kept())),
        Outcome::Failed(error) => Err(match job.kept() {
            Some(kept) => Failure::new(format!("{error}. {}", kept_sentence(&kept))),
            None => Failure::new(error),
        }),
        Outcome::Panicked(words) => Err(Failure::new(format!(
            "a fault of Shotpoint's own stopped this task: {words}. Please report it"
        ))),
    }
}

fn progress_bar() -> ProgressBar {
    let bar = ProgressBar::new(1000);
    if let Ok(style) = ProgressStyle::with_template("{prefix:16} [{bar:30}] {percent:>3} %  {msg}")
    {
        bar.set_style(style.progress_chars("=> "));
    }
    bar
}

fn draw(bar: &ProgressBar, now: &ProgressSnapshot, cancelling: bool) {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a fraction between 0 and 1, in thousandths"
    )]
    let position = (now.fraction().unwrap_or(0.0) * 1000.0) as u64;
    bar.set_prefix(if cancelling {
        "Cancelling…"
    } else {
        now.phase.label()
    });
    bar.set_position(position);
    bar.set_message(progress_message(now));
}

/// "1.2 of 4.8 GB · 412 MB/s · 9 s left".
fn progress_message(now: &ProgressSnapshot) -> String {
    if now.bytes_total == 0 {
        return String::new();
    }
    let mut parts = vec![format!(
        "{} of {}",
        wording::bytes(now.bytes_done),
        wording::bytes(now.bytes_total)
    )];
    parts.extend(now.bytes_per_second().map(wording::rate));
    parts.push(now.time_left().map_or_else(
        || "estimating…".to_owned(),
        |time| format!("{} left", wording::duration(time)),
    ));
    parts.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::Progress;

    #[test]
    fn the_message_says_how_much_and_never_guesses_early() {
        let progress = Progress::default();
        assert_eq!(progress_message(&progress.snapshot()), "");
        progress.set_total(10, 4_000_000);
        progress.add(5, 2_000_000);
        let message = progress_message(&progress.snapshot());
        assert!(message.starts_with("2.0 MB of 4.0 MB"), "{message}");
        assert!(message.ends_with("estimating…"), "{message}");
    }

    #[test]
    fn a_failing_task_gives_its_sentence() {
        let end = run_task("test", |_| {
            Err::<(), _>(Stop::Failed("it is broken".to_owned()))
        });
        assert!(matches!(end, Err(Failure::Failed(text)) if text == "it is broken"));
    }
}
