//! SLA
