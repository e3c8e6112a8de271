//! Which commands change how a section looks, and how?

use crate::app::command::Action;
use crate::app::section::{ClipChoice, Look};
use crate::view::{ClipRange, DisplayMode, Gain};

/// The column that "true offset" means.
pub(crate) const OFFSET: &str = "source_to_receiver_distance";

/// One choice, by its name.
#[derive(Clone, Debug)]
pub(crate) enum LookChange {
    Mode(DisplayMode),
    ColourTable(String),
    Gain(Gain),
}

impl LookChange {
    pub(super) fn apply(self, look: &mut Look) {
        match self {
            Self::Mode(mode) => {
                look.mode = mode;
                look.automatic = false;
            }
            Self::ColourTable(name) => look.colour_table = name,
            Self::Gain(gain) => look.set_gain(gain),
        }
    }
}

/// Changes how sections look, if the action is about that.
pub(super) fn change(action: Action, look: &mut Look, clip: Option<ClipRange>) -> bool {
    let scale = |look: &mut Look, factor: f32| {
        if let Some(clip) = clip {
            look.scale_clip(clip, factor);
        }
    };
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "all other actions are somebody else's"
    )]
    match action {
        Action::CycleMode => {
            look.automatic = false;
            look.next_mode();
        }
        Action::ToggleAgc => look.set_gain(match look.gain {
            Gain::None => Gain::Agc(500.0),
            Gain::Agc(_) | Gain::Balance | Gain::TimePower(_) => Gain::None,
        }),
        Action::CycleColours => look.next_table(),
        Action::ReverseColours => look.reverse_colours = !look.reverse_colours,
        Action::Polarity => look.reverse_polarity = !look.reverse_polarity,
        Action::LowerClip => scale(look, 1.0 / 1.1),
        Action::RaiseClip => scale(look, 1.1),
        Action::AutomaticClip => look.clip = ClipChoice::Percentile(99.0),
        Action::TrueOffset => {
            look.position_by = match look.position_by {
                Some(_) => None,
                None => Some(OFFSET.to_owned()),
            }
        }
        Action::ToggleSeparators => look.separators = !look.separators,
        Action::ReverseTraces => look.reverse_traces = !look.reverse_traces,
        _ => return false,
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clip_keys_move_both_ends_or_the_one_that_is_not_zero() {
        let mut look = Look::default();
        assert!(change(
            Action::RaiseClip,
            &mut look,
            Some(ClipRange::symmetric(10.0))
        ));
        assert!(matches!(look.clip, ClipChoice::Fixed(c) if (c - 11.0).abs() < 1e-5));
        let one_sided = ClipRange {
            low: 0.0,
            high: 10.0,
        };
        change(Action::LowerClip, &mut look, Some(one_sided));
        assert!(matches!(look.clip, ClipChoice::Range(low, _) if low.abs() < 1e-9));
        change(Action::AutomaticClip, &mut look, None);
        assert_eq!(look.clip, ClipChoice::Percentile(99.0));
        assert!(!change(Action::Fit, &mut look, None));
    }
}
