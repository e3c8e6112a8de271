//! A scripted tour of the window, for measuring it: what a user does, frame by frame, and how long
//! the frames were. Started by a hidden option; no promise of the command line.
//!
//! ```text
//! script (JSON) ─► acts ─commands─► App      every frame: time since the last one ─► figures ─► report
//! ```
//! Frames are timed from one `logic` to the next, drawing and showing included; while an act runs
//! every frame asks for the next. `Idle` asks for none.

mod figures;
mod script;
mod walk;

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::command::{Action, Command, Commands};
use super::section::{Answer, Gpu, PaintCounts};
pub(crate) use super::settings::PainterChoice;
use super::settings::Settings;
use super::state::{Body, DocumentId, Place, State};
use super::viewer::{OpenView, Stage, ViewerCommand};
use crate::browse::LoaderCounts;
use figures::{PeakWatch, Process, Times};
use script::{Act, Script};
use walk::Walk;

/// An act that waits for something waits no longer than this.
const PATIENCE: Duration = Duration::from_mins(1);

/// A tour under way.
#[derive(Debug)]
pub(crate) struct Tour {
    acts: VecDeque<Act>,
    running: Option<Running>,
    started: Instant,
    last_frame: Option<Instant>,
    watch: PeakWatch,
    /// Of [`Act::ComparePainters`]: asked for, and what came of it.
    comparison: Option<Value>,
    report: Vec<Value>,
    say: fn(&str),
    setup: Option<(Option<usize>, Option<PainterChoice>)>,
    n_frames: u64,
}

/// The act of now.
#[derive(Debug)]
struct Running {
    act: Act,
    began: Instant,
    before: Process,
    counts_before: Counts,
    frames: Times,
    work: Times,
    /// From a command to its picture.
    waits: Times,
    asked: Option<Instant>,
    n_done: u64,
    /// Of [`Act::Walk`].
    walk: Option<Walk>,
    /// Bytes that the window says it keeps; the most of them.
    kept_bytes: usize,
}

/// What the parts of the window have counted.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    loader: LoaderCounts,
    paint: PaintCounts,
}

/// What a frame may look at and change.
pub(crate) struct Frame<'a> {
    pub(crate) state: &'a mut State,
    pub(crate) settings: &'a mut Settings,
    pub(crate) commands: &'a mut Commands,
    /// Of the frame before, without showing it.
    pub(crate) work_secs: Option<f32>,
    pub(crate) gpu: Option<&'a Arc<Gpu>>,
    /// Of the comparison of painters, once it was asked for.
    pub(crate) compared: &'a mut Option<Answer>,
}

impl Tour {
    /// Reads the script at `path`; the report goes to `say`.
    ///
    /// # Errors
    /// A sentence.
    pub(crate) fn read(path: &Path, say: fn(&str)) -> Result<Self, String> {
        let Script {
            cache_mib,
            painter,
            acts,
        } = script::read(path)?;
        Ok(Self {
            acts: acts.into(),
            running: None,
            started: Instant::now(),
            last_frame: None,
            watch: PeakWatch::start(),
            comparison: None,
            report: Vec::new(),
            say,
            setup: Some((cache_mib, painter)),
            n_frames: 0,
        })
    }

    /// One frame. Gives whether the tour is over.
    pub(crate) fn frame(&mut self, ctx: &egui::Context, frame: &mut Frame<'_>) -> bool {
        let now = Instant::now();
        self.n_frames += 1;
        if let Some((cache_mib, painter)) = self.setup.take() {
            frame.settings.cache_mib = cache_mib.unwrap_or(frame.settings.cache_mib);
            frame.settings.painter = painter.unwrap_or(frame.settings.painter);
        }
        let since = self.last_frame.replace(now).map(|last| now - last);
        if let (Some(running), Some(since)) = (&mut self.running, since) {
            running.frames.push(since);
            if let Some(secs) = frame.work_secs {
                running.work.push(Duration::from_secs_f32(secs.max(0.0)));
            }
        }
        if self.running.is_none() && !self.begin(ctx, frame) {
            self.end(ctx);
            return true;
        }
        let Some(running) = &mut self.running else {
            return false;
        };
        if matches!(running.act, Act::ComparePainters) {
            self.comparison = comparison(ctx, frame);
            running.n_done = u64::from(self.comparison.is_some());
        }
        let shown = shown(frame.state);
        if let Some((_, view)) = &shown {
            running.kept_bytes = running.kept_bytes.max(view.cache_bytes());
        }
        let over = running.go_on(shown, frame.commands) || running.began.elapsed() > PATIENCE * 60;
        if over {
            self.finish_act(frame.state);
        }
        if self
            .running
            .as_ref()
            .is_none_or(|running| !running.act.rests())
        {
            ctx.request_repaint();
        }
        false
    }

    fn begin(&mut self, ctx: &egui::Context, frame: &mut Frame<'_>) -> bool {
        let Some(act) = self.acts.pop_front() else {
            return false;
        };
        if let Act::Idle { seconds } | Act::Pause { seconds } = act {
            let ctx = ctx.clone();
            let rest = Duration::from_secs_f64(seconds.clamp(0.0, 3600.0));
            // The only frame that the tour asks for while it rests, from outside of the frames.
            drop(std::thread::spawn(move || {
                std::thread::sleep(rest);
                ctx.request_repaint();
            }));
        }
        self.watch.take();
        self.running = Some(Running {
            act,
            began: if matches!(act, Act::Open) {
                self.started
            } else {
                Instant::now()
            },
            before: Process::now(),
            counts_before: counts(frame.state),
            frames: Times::default(),
            work: Times::default(),
            waits: Times::default(),
            asked: None,
            n_done: 0,
            walk: Walk::of(act),
            kept_bytes: 0,
        });
        true
    }

    fn finish_act(&mut self, state: &State) {
        let Some(running) = self.running.take() else {
            return;
        };
        let after = Process::now();
        let counts = counts(state);
        let (loader, before) = (counts.loader, running.counts_before.loader);
        let (paint, paint_before) = (counts.paint, running.counts_before.paint);
        let since = |now: u64, then: u64| now.saturating_sub(then);
        let mib = |bytes: u64| bytes >> 20;
        let processor = after
            .processor_time
            .saturating_sub(running.before.processor_time)
            .as_secs_f64();
        let n_frames = running.frames.spread().n;
        let mut told = json!({
            "act": running.act.name(),
            "seconds": (running.began.elapsed().as_secs_f64() * 1000.0).round() / 1000.0,
            "frame": running.frames.spread(),
            "work": running.work.spread(),
            "wait_for_picture": running.waits.spread(),
            "gathers": {
                "asked": since(loader.asked, before.asked),
                "answered": since(loader.answered, before.answered),
                "overtaken": since(loader.asked, before.asked)
                    .saturating_sub(since(loader.answered, before.answered)),
                "given_up_halfway": since(loader.given_up, before.given_up),
                "from_cache": since(loader.from_cache, before.from_cache),
                "from_prefetch": since(loader.from_ahead, before.from_ahead),
                "prefetched": since(loader.loaded_ahead, before.loaded_ahead),
            },
            "pictures": {
                "asked": since(paint.asked, paint_before.asked),
                "painted": since(paint.painted, paint_before.painted),
                "shown": since(paint.shown, paint_before.shown),
            },
            "processor_seconds": processor,
            "processor_ms_a_frame": (1e4 * processor / n_frames.max(1) as f64).round() / 10.0,
            "kept_mib": mib(running.kept_bytes as u64),
            "own_memory_mib": mib(after.own_bytes),
            "own_memory_peak_mib": mib(self.watch.take().max(after.own_bytes)),
            "file_memory_mib": mib(after.file_bytes),
        });
        if let (Some(walk), Some(told)) = (&running.walk, told.as_object_mut()) {
            told.insert("memory_log".to_owned(), walk.log());
        }
        if let (Some(comparison), Some(told)) = (self.comparison.take(), told.as_object_mut()) {
            told.insert("comparison".to_owned(), comparison);
        }
        self.report.push(told);
    }

    fn end(&mut self, ctx: &egui::Context) {
        let report = json!({
            "seconds": self.started.elapsed().as_secs_f64(),
            "frames": self.n_frames,
            "acts": std::mem::take(&mut self.report),
        });
        (self.say)(&serde_json::to_string_pretty(&report).unwrap_or_default());
        ctx.send_viewport_cmd(egui::ViewportCommand::Close);
    }
}

impl Act {
    /// Whether frames come only when something else wants them.
    fn rests(&self) -> bool {
        matches!(self, Self::Idle { .. } | Self::Pause { .. })
    }
}

impl Running {
    /// Does this frame's part. Gives whether the act is over.
    fn go_on(
        &mut self,
        shown: Option<(DocumentId, &mut OpenView)>,
        commands: &mut Commands,
    ) -> bool {
        if let Act::Idle { seconds } | Act::Pause { seconds } = self.act {
            return self.began.elapsed().as_secs_f64() >= seconds;
        }
        if matches!(self.act, Act::ComparePainters) {
            return self.n_done > 0 || self.began.elapsed() > PATIENCE;
        }
        let Some((id, view)) = shown else {
            return self.began.elapsed() > PATIENCE;
        };
        let act = |commands: &mut Commands, action| {
            commands.push(Command::Viewer(id, ViewerCommand::Act(action)));
        };
        match self.act {
            Act::Open | Act::Fit | Act::ToggleLine | Act::Mode { .. } => {
                if self.asked.is_none() {
                    if let Act::Mode { mode } = self.act {
                        view.look.mode = mode;
                        view.look.automatic = false;
                    } else if let Act::ToggleLine = self.act {
                        act(commands, Action::WholeLine);
                    } else if let Act::Fit = self.act {
                        view.section.fit();
                    }
                    self.asked = Some(if matches!(self.act, Act::Open) {
                        self.began
                    } else {
                        Instant::now()
                    });
                    return false;
                }
                self.arrived(view, 1)
            }
            Act::Step { count } => {
                if self.asked.is_some() && !self.arrived(view, u64::MAX) {
                    if self.asked.is_some() {
                        return false;
                    }
                    if self.n_done >= count {
                        return true;
                    }
                }
                act(commands, Action::NextGather);
                self.asked = Some(Instant::now());
                false
            }
            Act::Hold { frames } => {
                act(commands, Action::NextGather);
                self.counted(frames)
            }
            Act::Pan { frames, dx } => {
                view.section.pan(dx, 0.0);
                self.counted(frames)
            }
            Act::Zoom { frames, x, y } => {
                view.section.zoom(x, y, 0.5, 0.5);
                self.counted(frames)
            }
            Act::Gain { frames } => {
                let louder = (self.n_done / 10).is_multiple_of(2);
                let action = if louder {
                    Action::LowerClip
                } else {
                    Action::RaiseClip
                };
                act(commands, action);
                self.counted(frames)
            }
            Act::Walk { steps, .. } => {
                if self.asked.is_some() && !view.is_settled() && !self.is_late() {
                    return false;
                }
                self.asked = None;
                let Some(walk) = &mut self.walk else {
                    return true;
                };
                walk.note(self.n_done, steps, view);
                if let Some(command) = walk.step(view) {
                    commands.push(Command::Viewer(id, command));
                }
                // Now and then everything arrives before it goes on: so caches fill.
                if (self.n_done + 1).is_multiple_of(walk::RESTS_AFTER) {
                    self.asked = Some(Instant::now());
                }
                self.counted(steps)
            }
            Act::ComparePainters | Act::Idle { .. } | Act::Pause { .. } => true,
        }
    }

    fn is_late(&self) -> bool {
        self.asked.is_some_and(|asked| asked.elapsed() > PATIENCE)
    }

    fn counted(&mut self, most: u64) -> bool {
        self.n_done += 1;
        self.n_done >= most
    }

    /// Counts the picture that was waited for, once it is there. Gives whether `most` have come.
    fn arrived(&mut self, view: &OpenView, most: u64) -> bool {
        let Some(asked) = self.asked else {
            return false;
        };
        if !view.is_settled() && !self.is_late() {
            return false;
        }
        self.waits.push(asked.elapsed());
        self.asked = None;
        self.n_done += 1;
        self.n_done >= most
    }
}

/// Asks for a comparison of the painters; gives it once it is there.
fn comparison(ctx: &egui::Context, frame: &mut Frame<'_>) -> Option<Value> {
    let Some(gpu) = frame.gpu else {
        return Some(json!({ "error": "the window is not drawn by OpenGL" }));
    };
    let Some(answer) = frame.compared else {
        let answer = Answer::default();
        gpu.compare(ctx, &answer);
        *frame.compared = Some(answer);
        return None;
    };
    let answer = answer.lock().unwrap_or_else(PoisonError::into_inner);
    answer.clone()
}

/// The view on the screen.
fn shown(state: &mut State) -> Option<(DocumentId, &mut OpenView)> {
    let Place::Document(id) = state.place else {
        return None;
    };
    let document = state.documents.iter_mut().find(|d| d.id == id)?;
    match &mut document.body {
        Body::Viewer(viewer) => match &mut viewer.stage {
            Stage::Open(view) => Some((id, view)),
            Stage::Opening | Stage::Failed(_) => None,
        },
        Body::Import(_) => None,
    }
}

fn counts(state: &State) -> Counts {
    let Place::Document(id) = state.place else {
        return Counts::default();
    };
    let document = state.documents.iter().find(|d| d.id == id);
    match document.map(|d| &d.body) {
        Some(Body::Viewer(viewer)) => match &viewer.stage {
            Stage::Open(view) => Counts {
                loader: view.loader_counts(),
                paint: view.section.paint_counts(),
            },
            Stage::Opening | Stage::Failed(_) => Counts::default(),
        },
        Some(Body::Import(_)) | None => Counts::default(),
    }
}
