//! How large an answer of AWS may be: one that says it is larger is not read.
//!
//! A session of Live Tail says nothing of its length, and has none.

use aws_sdk_cloudwatch::config::interceptors::BeforeDeserializationInterceptorContextRef;
use aws_sdk_cloudwatch::config::{ConfigBag, Intercept, RuntimeComponents};
use std::error::Error;

/// As much as of every other server; the largest answer there is reason to ask for has a quarter of it.
const MOST: usize = 8 << 20;

#[derive(Debug)]
pub(super) struct Weight;

/// Why an answer was not read.
#[derive(Debug, thiserror::Error)]
#[error("an answer larger than {} MiB was not read", MOST >> 20)]
pub(super) struct TooLarge;

impl Intercept for Weight {
    fn name(&self) -> &'static str {
        "the weight of an answer"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), Box<dyn Error + Send + Sync>> {
        let told = context.response().headers().get("content-length");
        let is_too_large = told.and_then(|told| told.parse::<usize>().ok()).is_some_and(|bytes| bytes > MOST);
        if is_too_large { Err(Box::new(TooLarge)) } else { Ok(()) }
    }
}
