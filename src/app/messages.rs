//! What does the user read when something fails or is done? Title, sentence, remedy, details.

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

/// How serious a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Severity {
    Info,
    Success,
    Warning,
    Error,
}

/// Something to read.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) severity: Severity,
    /// A few words.
    pub(crate) title: String,
    /// What happened, with the number; and the remedy where the engine knows one.
    pub(crate) sentence: String,
    /// What the window itself can suggest.
    pub(crate) remedy: Option<String>,
    /// For a report: causes, file, program version.
    pub(crate) details: String,
}

impl Message {
    /// A plain notice.
    pub(crate) fn new(severity: Severity, title: &str, sentence: impl Into<String>) -> Self {
        Self {
            severity,
            title: title.to_owned(),
            sentence: sentence.into(),
            remedy: None,
            details: String::new(),
        }
    }

    /// A failure of the engine with all its causes.
    pub(crate) fn from_error(title: &str, error: &dyn Error, path: Option<&Path>) -> Self {
        let mut details = vec![title.to_owned(), error.to_string()];
        let mut cause = error.source();
        while let Some(inner) = cause {
            details.push(format!("caused by: {inner}"));
            cause = inner.source();
        }
        details.push(format!("as reported: {error:?}"));
        Self::with_details(title, &error.to_string(), details, path)
    }

    /// A failure that is only known as words.
    pub(crate) fn from_words(title: &str, words: &str, path: Option<&Path>) -> Self {
        Self::with_details(title, words, vec![title.to_owned(), words.to_owned()], path)
    }

    fn with_details(
        title: &str,
        words: &str,
        mut details: Vec<String>,
        path: Option<&Path>,
    ) -> Self {
        details.extend(path.map(|path| format!("file: {}", path.display())));
        details.push(format!(
            "shotpoint {} on {} {}",
            env!("CARGO_PKG_VERSION"),
            std::env::consts::OS,
            std::env::consts::ARCH
        ));
        Self {
            severity: Severity::Error,
            title: title.to_owned(),
            sentence: sentence_case(&in_the_windows_words(words)),
            remedy: None,
            details: details.join("\n"),
        }
    }

    /// With what the window suggests.
    pub(crate) fn remedy(mut self, remedy: &str) -> Self {
        self.remedy = Some(remedy.to_owned());
        self
    }

    /// All of it as text for the clipboard.
    pub(crate) fn as_text(&self) -> String {
        if self.details.is_empty() {
            format!("{}\n{}", self.title, self.sentence)
        } else {
            self.details.clone()
        }
    }
}

/// Errors of the engine name options of the command line; the window has fields for them.
pub(crate) fn in_the_windows_words(text: &str) -> String {
    // The longer ones first: what they begin with may stand alone too.
    const FIELDS: [(&str, &str); 26] = [
        (
            "; `shotpoint headers DATASET --limit 1 --format csv` lists some",
            "; the trace's headers in the viewer list them",
        ),
        (" (--overwrite)", ""),
        (" with -o", ""),
        (" (import --resume)", ""),
        ("Begin again without --resume", "Start over"),
        ("--resume", "\"Resume\""),
        ("leave --format out", "leave \"Sample format\" as imported"),
        ("leave --time out", "leave \"Times\" empty"),
        ("--time A..B", "\"Times\""),
        ("--revision ", "\"Revision\" "),
        (
            "--trace-length varying",
            "\"Trace length\": \"As each header says\"",
        ),
        ("--trace-length", "\"Trace length\""),
        ("--extended-headers", "\"Extended headers\""),
        ("--trace-header-extensions", "\"More per trace\""),
        ("--first-trace", "\"Bytes before\""),
        ("--coordinate-scalar", "\"Coord. scalar\""),
        ("--time-scalar", "\"Time scalar\""),
        ("--container", "\"Kind of file\""),
        ("--format CODE", "\"Sample format\""),
        ("--samples N", "\"Samples per trace\""),
        ("--samples", "\"Samples per trace\""),
        ("--format", "\"Sample format\""),
        ("--byte-order", "\"Byte order\""),
        ("--interval-us", "\"Interval\""),
        (
            "Allow more with --memory",
            "Allow more in File, Settings: at least",
        ),
        (
            "--ensemble with another key",
            "another key under \"Gathers by\"",
        ),
    ];
    let text = FIELDS
        .iter()
        .fold(text.to_owned(), |text, (option, field)| {
            text.replace(option, field)
        });
    another_byte(&text)
}

/// "Try --map inline=BYTE" is "Try another byte for inline" here.
fn another_byte(text: &str) -> String {
    let Some((before, rest)) = text.split_once("--map ") else {
        return text.to_owned();
    };
    match rest.split_once("=BYTE") {
        Some((name, after)) => format!("{before}another byte for {name}{after}"),
        None => text.to_owned(),
    }
}

fn sentence_case(words: &str) -> String {
    let mut chars = words.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}

/// A message that is still on the screen or in the list.
#[derive(Clone, Debug)]
pub(crate) struct Notice {
    pub(crate) id: u64,
    pub(crate) message: Message,
    pub(crate) since: Instant,
    /// Whether it still floats over the window.
    pub(crate) floating: bool,
}

/// All that was said in this session, newest last.
#[derive(Debug, Default)]
pub(crate) struct Notices {
    list: Vec<Notice>,
    next_id: u64,
    /// Whether the list is open.
    pub(crate) open: bool,
}

/// How long a notice floats that is not an error.
const FLOATS: Duration = Duration::from_secs(6);
/// More are forgotten.
const KEPT: usize = 100;

impl Notices {
    /// Says something.
    pub(crate) fn push(&mut self, message: Message) {
        self.next_id += 1;
        self.list.push(Notice {
            id: self.next_id,
            message,
            since: Instant::now(),
            floating: true,
        });
        if self.list.len() > KEPT {
            self.list.remove(0);
        }
    }

    /// Says several things.
    pub(crate) fn extend(&mut self, messages: Vec<Message>) {
        for message in messages {
            self.push(message);
        }
    }

    /// All of them.
    pub(crate) fn list(&self) -> &[Notice] {
        &self.list
    }

    /// Stops floating; it stays in the list.
    pub(crate) fn settle(&mut self, id: u64) {
        for notice in &mut self.list {
            if notice.id == id {
                notice.floating = false;
            }
        }
    }

    /// Forgets all.
    pub(crate) fn clear(&mut self) {
        self.list.clear();
    }

    /// Lets old notices settle; errors float until they are dismissed. Gives when to look again.
    pub(crate) fn expire(&mut self, now: Instant) -> Option<Duration> {
        let mut next: Option<Duration> = None;
        for notice in &mut self.list {
            if !notice.floating || notice.message.severity == Severity::Error {
                continue;
            }
            let age = now.saturating_duration_since(notice.since);
            if age >= FLOATS {
                notice.floating = false;
            } else {
                let left = FLOATS.saturating_sub(age);
                next = Some(next.map_or(left, |n| n.min(left)));
            }
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_hold_the_causes_the_file_and_the_version() {
        let error = std::io::Error::other("disk on fire");
        let message = Message::from_error("Cannot open", &error, Some(Path::new("/a/b.sgy")));
        assert_eq!(message.sentence, "Disk on fire");
        let text = message.as_text();
        assert!(
            text.contains("/a/b.sgy") && text.contains("shotpoint "),
            "{text}"
        );
    }

    #[test]
    fn the_window_speaks_of_its_own_fields() {
        let words = in_the_windows_words(
            "Try --map inline=BYTE or --ensemble with another key; try --format 5 or --format CODE",
        );
        assert_eq!(
            words,
            "Try another byte for inline or another key under \"Gathers by\"; \
             try \"Sample format\" 5 or \"Sample format\""
        );
        let budget = in_the_windows_words("needs 90 MiB. Allow more with --memory 96");
        assert_eq!(
            budget,
            "needs 90 MiB. Allow more in File, Settings: at least 96"
        );
        let key = in_the_windows_words(
            "there is no header column x; `shotpoint headers DATASET --limit 1 --format csv` lists some",
        );
        assert!(!key.contains("--") && !key.contains("DATASET"), "{key}");
    }

    #[test]
    fn notices_settle_but_errors_float_until_dismissed() {
        let mut notices = Notices::default();
        notices.push(Message::new(Severity::Info, "Saved", "Done"));
        notices.push(Message::new(Severity::Error, "Broken", "Not done"));
        notices.expire(Instant::now() + Duration::from_mins(1));
        let floating: Vec<bool> = notices.list().iter().map(|n| n.floating).collect();
        assert_eq!(floating, [false, true]);
        let id = notices.list()[1].id;
        notices.settle(id);
        assert!(!notices.list()[1].floating);
    }
}
