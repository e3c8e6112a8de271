//! Which windows were looked at before? Back, and forward again, as in a browser of pages.

use crate::view::SectionWindow;

/// Steps kept.
const KEPT: usize = 50;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct ZoomHistory {
    back: Vec<SectionWindow>,
    ahead: Vec<SectionWindow>,
}

impl ZoomHistory {
    /// Keeps the window that is about to be left.
    pub(super) fn leave(&mut self, window: SectionWindow) {
        self.ahead.clear();
        push(&mut self.back, window);
    }

    /// The window before, if there is one; `now` can be gone forward to.
    pub(super) fn back(&mut self, now: SectionWindow) -> Option<SectionWindow> {
        step(&mut self.back, &mut self.ahead, now)
    }

    /// The window that was gone back from.
    pub(super) fn forward(&mut self, now: SectionWindow) -> Option<SectionWindow> {
        step(&mut self.ahead, &mut self.back, now)
    }

    pub(super) fn can_go_back(&self) -> bool {
        !self.back.is_empty()
    }

    pub(super) fn can_go_forward(&self) -> bool {
        !self.ahead.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.back.clear();
        self.ahead.clear();
    }
}

fn step(
    from: &mut Vec<SectionWindow>,
    to: &mut Vec<SectionWindow>,
    now: SectionWindow,
) -> Option<SectionWindow> {
    let window = from.pop()?;
    push(to, now);
    Some(window)
}

fn push(to: &mut Vec<SectionWindow>, window: SectionWindow) {
    if to.len() >= KEPT {
        to.remove(0);
    }
    to.push(window);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(first_trace: f64) -> SectionWindow {
        SectionWindow {
            first_trace,
            ..SectionWindow::all(10, 10)
        }
    }

    #[test]
    fn back_and_forward_go_the_same_way() {
        let mut history = ZoomHistory::default();
        history.leave(window(0.0));
        history.leave(window(1.0));
        assert_eq!(history.back(window(2.0)), Some(window(1.0)));
        assert_eq!(history.back(window(1.0)), Some(window(0.0)));
        assert_eq!(history.back(window(0.0)), None);
        assert_eq!(history.forward(window(0.0)), Some(window(1.0)));
        assert_eq!(history.forward(window(1.0)), Some(window(2.0)));
        assert!(history.can_go_back() && !history.can_go_forward());
    }

    #[test]
    fn a_new_zoom_forgets_what_was_ahead_and_the_oldest_go_first() {
        let mut history = ZoomHistory::default();
        history.leave(window(0.0));
        history.back(window(1.0));
        history.leave(window(0.0));
        assert!(!history.can_go_forward());
        for i in 0..60 {
            history.leave(window(f64::from(i)));
        }
        let mut steps = 0;
        while history.back(window(99.0)).is_some() {
            steps += 1;
        }
        assert_eq!(steps, KEPT);
    }
}
