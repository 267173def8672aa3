//! Tests against real terminals and real servers. Ignored by default; the continuous integration runs them all.
