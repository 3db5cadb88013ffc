//! Messages for a tier alone: see below.
