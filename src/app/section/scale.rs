//! How large are traces and times drawn? In traces and centimetres, as on paper.

use super::Section;
use crate::dataset::{VerticalAxis, VerticalDomain};
use crate::view::SectionWindow;

/// Of what is on the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scale {
    pub(crate) traces_per_cm: f64,
    /// Centimetres of a thousand units of the axis: of a second, a kilometre, 1 000 feet or samples.
    pub(crate) cm_per_thousand: f64,
}

impl Scale {
    /// "cm per second".
    pub(crate) fn unit(axis: &VerticalAxis) -> &'static str {
        match (axis.domain, axis.unit.as_str()) {
            (VerticalDomain::Time, "ms") => "cm per second",
            (VerticalDomain::Depth, "m") => "cm per kilometre",
            (VerticalDomain::Depth, "ft") => "cm per 1 000 feet",
            (VerticalDomain::Sample, _) => "cm per 1 000 samples",
            (VerticalDomain::Time | VerticalDomain::Depth, _) => "cm per 1 000 units",
        }
    }

    /// Of a window that is drawn so many centimetres wide and high, `interval` being that of samples.
    fn of(window: &SectionWindow, (width, height): (f64, f64), interval: f64) -> Self {
        Self {
            traces_per_cm: window.n_traces / width,
            cm_per_thousand: height * 1000.0 / (window.n_samples * interval),
        }
    }

    /// Traces and samples of a picture of this size.
    fn spans(self, (width, height): (f64, f64), interval: f64) -> (f64, f64) {
        let n_samples = height * 1000.0 / (self.cm_per_thousand * interval);
        (self.traces_per_cm * width, n_samples)
    }
}

impl Section {
    /// How large it is drawn now, and how large all of it would be: the smallest there is. `None`
    /// before the first picture.
    pub(crate) fn scale(&self, points_per_cm: f64) -> Option<(Scale, Scale)> {
        let (size, interval) = self.size_in_cm(points_per_cm)?;
        let of = |window: &SectionWindow| Scale::of(window, size, interval);
        Some((of(&self.window()?), of(&self.bounds()?)))
    }

    /// Zooms about the middle to a scale, as far as there are traces and samples for it.
    pub(crate) fn set_scale(&mut self, scale: Scale, points_per_cm: f64) {
        let (Some((size, interval)), Some(window), Some(bounds)) =
            (self.size_in_cm(points_per_cm), self.window(), self.bounds())
        else {
            return;
        };
        let (n_traces, n_samples) = scale.spans(size, interval);
        let asked = SectionWindow {
            first_trace: window.first_trace + (window.n_traces - n_traces) / 2.0,
            n_traces,
            first_sample: window.first_sample + (window.n_samples - n_samples) / 2.0,
            n_samples,
            ..window
        };
        self.look_at(asked.kept_inside(&bounds), bounds);
    }

    fn size_in_cm(&self, points_per_cm: f64) -> Option<((f64, f64), f64)> {
        let plot = self.plot.filter(egui::Rect::is_positive)?;
        let size = (f64::from(plot.width()), f64::from(plot.height()));
        let interval = self.axis()?.interval;
        (points_per_cm > 0.0 && interval > 0.0)
            .then_some(((size.0 / points_per_cm, size.1 / points_per_cm), interval))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_centimetres_of_twenty_traces_each_show_two_hundred() {
        let scale = Scale {
            traces_per_cm: 20.0,
            cm_per_thousand: 10.0,
        };
        // 30 cm at 10 cm a second are 3 s: 750 samples of 4 ms.
        let (n_traces, n_samples) = scale.spans((10.0, 30.0), 4.0);
        assert!((n_traces - 200.0).abs() < 1e-9 && (n_samples - 750.0).abs() < 1e-9);
        let window = SectionWindow {
            first_trace: 5.0,
            n_traces,
            first_sample: 0.0,
            n_samples,
            from_right: false,
        };
        let back = Scale::of(&window, (10.0, 30.0), 4.0);
        assert!((back.traces_per_cm - 20.0).abs() < 1e-9);
        assert!((back.cm_per_thousand - 10.0).abs() < 1e-9);
    }
}
