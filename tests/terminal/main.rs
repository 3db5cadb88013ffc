//! dutydesk as people run it: real processes, real pseudo-terminals, a real server on loopback.

mod cli;
mod console;
mod desk;
mod duty;
mod incident;
mod lines;
mod long;
mod looks;
mod notify;
mod pty;
mod receiver;
mod server;
mod session;
mod story;
mod writing;
