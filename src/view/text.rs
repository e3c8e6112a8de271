//! How is text set into an [`Image`](super::Image)? For pictures made without a window.
