//! What people see and what their keys do: pictures of the screens, and stories told through a whole session.

mod command;
mod logs;
mod pictures;
mod retro;
mod stories;
mod storm;
mod travel;
mod work;
