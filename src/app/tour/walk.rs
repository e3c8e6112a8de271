//! A walk through everything a user can do with the data, at random but the same at every run; and
//! what memory the window takes meanwhile.

use serde_json::{Value, json};

use super::figures::Process;
use super::script::Act;
use crate::app::command::Action;
use crate::app::section::Line;
use crate::app::viewer::{OpenView, ViewerCommand};

/// Lines of the memory log.
const NOTES: u64 = 50;
/// After so many steps the walk waits until everything has arrived.
pub(super) const RESTS_AFTER: u64 = 25;
/// Keys that are tried besides the one at the start.
const KEYS: [&str; 3] = [
    "ensemble_num",
    "source_to_receiver_distance",
    "trace_num_orig_record",
];

/// See the module.
#[derive(Debug)]
pub(super) struct Walk {
    random: u64,
    /// Of the view at the start.
    first_keys: Option<Vec<String>>,
    log: Vec<Value>,
}

impl Walk {
    pub(super) fn of(act: Act) -> Option<Self> {
        let Act::Walk { seed, .. } = act else {
            return None;
        };
        Some(Self {
            random: seed | 1,
            first_keys: None,
            log: Vec::new(),
        })
    }

    /// A number below `n`, by xorshift.
    fn below(&mut self, n: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % n.max(1)
    }

    /// Notes the memory, now and then.
    pub(super) fn note(&mut self, step: u64, steps: u64, view: &OpenView) {
        if !step.is_multiple_of((steps / NOTES).max(1)) {
            return;
        }
        let mib = |bytes: u64| bytes >> 20;
        let line = view.section.line().map_or(0, Line::size_bytes);
        let kept = view.cache_bytes();
        self.log.push(json!({
            "step": step,
            "own_mib": mib(Process::now().own_bytes),
            "gathers_mib": mib(kept.saturating_sub(line) as u64),
            "line_mib": mib(line as u64),
        }));
    }

    pub(super) fn log(&self) -> Value {
        Value::Array(self.log.clone())
    }

    /// Does something; what is left to be commanded.
    pub(super) fn step(&mut self, view: &mut OpenView) -> Option<ViewerCommand> {
        let what = self.below(200);
        let at = self.below(1000) as f64 / 1000.0;
        let action = match what {
            0..56 => Action::NextGather,
            56..76 => Action::PreviousGather,
            76..90 => Action::ForwardTen,
            90..104 => Action::BackTen,
            104..114 => return Some(self.anywhere(view)),
            114..124 => return Some(self.any_value(view)),
            124..146 => {
                view.section.zoom(1.6, 1.3, at, 1.0 - at);
                return None;
            }
            146..162 => {
                view.section.zoom(0.5, 0.6, at, at);
                return None;
            }
            162..174 => {
                view.section.pan(at - 0.5, 0.0);
                return None;
            }
            174..178 => Action::Fit,
            178..182 => Action::LowerClip,
            182..186 => Action::RaiseClip,
            186..188 => Action::CycleMode,
            188..190 => Action::CycleColours,
            190..192 => Action::Polarity,
            192..194 => Action::ToggleAgc,
            194..195 => Action::TrueOffset,
            195..196 => return Some(self.any_key(view)),
            _ => Action::WholeLine,
        };
        Some(ViewerCommand::Act(action))
    }

    fn any_position(&mut self, view: &OpenView) -> usize {
        let n = view.index.as_ref().map_or(1, |index| index.len());
        usize::try_from(self.below(n as u64)).unwrap_or(0)
    }

    fn anywhere(&mut self, view: &OpenView) -> ViewerCommand {
        ViewerCommand::Go(self.any_position(view))
    }

    /// As if it was typed.
    fn any_value(&mut self, view: &mut OpenView) -> ViewerCommand {
        let position = self.any_position(view);
        let key = view
            .index
            .as_ref()
            .and_then(|index| index.key(position)?.first().copied());
        if view.section.line().is_some() {
            let trace = 1 + self.below(view.source.facts().n_traces);
            view.go_to = trace.to_string();
        } else if let Some(key) = key {
            view.go_to = key.to_string();
        }
        ViewerCommand::GoToText
    }

    fn any_key(&mut self, view: &OpenView) -> ViewerCommand {
        let now = view.index.as_ref().map(|index| index.keys.clone());
        let first = self
            .first_keys
            .get_or_insert_with(|| now.unwrap_or_default())
            .clone();
        let known = &view.source.facts().header_names;
        let others = KEYS.iter().filter(|key| known.iter().any(|k| k == *key));
        let mut all: Vec<Vec<String>> = others.map(|key| vec![(*key).to_owned()]).collect();
        // The first ones oftener: their gathers are what the data was made for.
        all.extend([first.clone(), first]);
        let at = usize::try_from(self.below(all.len() as u64)).unwrap_or(0);
        ViewerCommand::SetKeys(all.swap_remove(at.min(all.len() - 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_is_the_same_at_every_run_and_another_by_another_seed() {
        let numbers = |seed: u64| {
            let mut walk = Walk::of(Act::Walk { steps: 1, seed }).expect("a walk");
            (0..50).map(|_| walk.below(200)).collect::<Vec<_>>()
        };
        assert_eq!(numbers(7), numbers(7));
        assert_ne!(numbers(7), numbers(9));
        assert!(Walk::of(Act::Fit).is_none());
    }
}
