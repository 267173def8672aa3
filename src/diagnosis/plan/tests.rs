//! Small plans over small stories: what counts as failed, by which vector, and what goals come to.
