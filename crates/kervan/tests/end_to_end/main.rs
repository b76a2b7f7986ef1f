//! The built binary, used as its users use it: the main job, a crash, a stranger's check.

mod crash;
mod main_job;
mod program;
mod verify;
