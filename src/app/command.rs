//! What can the user ask for? Panels and keys queue these; `App::execute` runs them.

use std::path::PathBuf;

use super::export_dialog::ExportCommand;
use super::import_page::ImportCommand;
use super::jobs::JobsCommand;
use super::settings::{Kind, Settings, ThemeChoice};
use super::state::{DocumentId, Place};
use super::viewer::ViewerCommand;
use super::workers::Purpose;

/// One thing to do.
#[derive(Clone, Debug)]
pub(crate) enum Command {
    /// What a key or a menu entry stands for.
    Act(Action),
    /// Open files, folders and datasets, wherever they came from.
    Open(Vec<PathBuf>),
    /// Make and open the sample shot gathers.
    OpenSample,
    /// Look at the file itself.
    View(PathBuf),
    Show(Place),
    Close(DocumentId),
    ForgetRecent(PathBuf),
    /// Ask where a recent file is now.
    LocateRecent(PathBuf, Kind),
    ForgetAllRecent,
    SetTheme(ThemeChoice),
    Copy(String),
    SettleNotice(u64),
    ClearNotices,
    /// A path that was typed in place of a file dialog.
    PathTyped(Purpose, PathBuf),
    /// The same, to be used although a file lies there.
    PathConfirmed(Purpose, PathBuf),
    Import(DocumentId, ImportCommand),
    Viewer(DocumentId, ViewerCommand),
    Jobs(JobsCommand),
    /// Ask how a dataset shall be written as SEG-Y.
    AskExport(PathBuf),
    Export(ExportCommand),
    SetSettings(Box<Settings>),
    /// In the desktop's file manager.
    ShowInFiles(PathBuf),
    /// Close the window although jobs are running: they are cancelled.
    QuitAnyway {
        /// So that imports can go on later.
        keep: bool,
    },
    /// As the dialog says; `replace`: a file that is there already.
    SavePicture {
        replace: bool,
    },
    AskPicturePath(PathBuf),
    StayOpen,
}

/// What has a name, a menu entry or a key of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    OpenFiles,
    OpenFolder,
    PastePath,
    CloseDocument,
    Export,
    ShowSettings,
    NextDocument,
    ShowStart,
    ShowJobs,
    ShowShortcuts,
    ToggleNavigator,
    ToggleInspector,
    ToggleSpectrum,
    ToggleTable,
    ToggleMap,
    ToggleStrips,
    ToggleFileHeaders,
    ToggleTheme,
    Escape,
    Quit,
    NextGather,
    PreviousGather,
    ForwardTen,
    BackTen,
    FirstGather,
    LastGather,
    GoTo,
    WholeLine,
    CycleMode,
    CycleColours,
    ToggleAgc,
    Polarity,
    ReverseColours,
    RaiseClip,
    LowerClip,
    Fit,
    PreviousZoom,
    NextZoom,
    OneToOne,
    Histogram,
    AutomaticClip,
    SavePicture,
    CopyPicture,
    Scale,
    ToggleSeparators,
    ShowPalette,
    ResetView,
    ReverseTraces,
    TrueOffset,
    Compare,
    Flip,
    ZoomIn,
    ZoomOut,
    PageTracesForward,
    PageTracesBack,
    PanUp,
    PanDown,
    PinTrace,
}

/// The queue that panels write into.
#[derive(Debug, Default)]
pub(crate) struct Commands(Vec<Command>);

impl Commands {
    pub(crate) fn push(&mut self, command: Command) {
        self.0.push(command);
    }

    pub(crate) fn act(&mut self, action: Action) {
        self.0.push(Command::Act(action));
    }

    pub(crate) fn take(&mut self) -> Vec<Command> {
        std::mem::take(&mut self.0)
    }
}
