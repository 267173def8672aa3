//! How large an answer of AWS may be: one that says it is larger is not read, one that does not say so is cut off.
//!
//! A session of Live Tail has no length: it goes on for as long as it is listened to, and is read record by record.

use aws_sdk_cloudwatch::config::http::HttpResponse;
use aws_sdk_cloudwatch::config::interceptors::BeforeDeserializationInterceptorContextMut;
use aws_sdk_cloudwatch::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_smithy_types::body::SdkBody;
use http_body::{Body, Frame, SizeHint};
use std::error::Error;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// As much as of every other server; the largest answer there is reason to ask for has a quarter of it.
const MOST: usize = 8 << 20;
/// What a stream of records calls itself.
const STREAM: &str = "application/vnd.amazon.eventstream";

type Trouble = Box<dyn Error + Send + Sync>;

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

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), Trouble> {
        let response = context.response_mut();
        if length_of(response).is_some_and(|bytes| bytes > MOST) {
            return Err(Box::new(TooLarge));
        }
        if !is_stream(response) {
            let body = response.take_body();
            *response.body_mut() = SdkBody::from_body_1_x(Weighed { body, left: MOST });
        }
        Ok(())
    }
}

/// What an answer says of its length, where it does.
fn length_of(response: &HttpResponse) -> Option<usize> {
    response.headers().get("content-length")?.parse().ok()
}

fn is_stream(response: &HttpResponse) -> bool {
    response.headers().get("content-type").is_some_and(|kind| kind.starts_with(STREAM))
}

/// A body that ends in an error when more of it comes than may be read.
struct Weighed {
    body: SdkBody,
    left: usize,
}

impl Body for Weighed {
    type Data = <SdkBody as Body>::Data;
    type Error = Trouble;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Trouble>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        let came = frame.as_ref().and_then(|frame| frame.as_ref().ok()?.data_ref());
        match self.left.checked_sub(came.map_or(0, |data| AsRef::<[u8]>::as_ref(data).len())) {
            Some(left) => self.left = left,
            None => return Poll::Ready(Some(Err(Box::new(TooLarge)))),
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        Body::is_end_stream(&self.body)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
