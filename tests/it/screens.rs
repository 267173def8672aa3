//! What people see and what their keys do: pictures of the screens, and stories told through a whole session.

mod command;
mod drafts;
mod logs;
mod mouse;
mod pack;
mod pictures;
mod reach;
mod readiness;
mod retro;
mod rollback;
mod services;
mod stories;
mod storm;
mod timeline;
mod travel;
mod work;
