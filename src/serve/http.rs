//! HTTP/1.1 on a loopback address: requests to answers, and the stream of versions that tells pages to load again.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::TcpListener;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Frame, Incoming};
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, LOCATION, X_CONTENT_TYPE_OPTIONS};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::sync::watch;

use super::answer::{Answer, answer};
use super::overlay;
use super::preview::Preview;
use super::request;

type Reply = Response<BoxBody<Bytes, Infallible>>;

/// Pages that are made at the same time at most, each on a thread: one whose template takes for ever does not keep the others waiting.
const MAKERS: usize = 32;

/// Answers on a thread of its own until the program ends.
pub fn start(listener: TcpListener, preview: Preview) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_io().enable_time().max_blocking_threads(MAKERS).thread_stack_size(crate::STACK).build()?;
    let listener = {
        let _inside = runtime.enter();
        tokio::net::TcpListener::from_std(listener)?
    };
    std::thread::Builder::new().name("answer".into()).spawn(move || runtime.block_on(accept(listener, preview)))?;
    Ok(())
}

async fn accept(listener: tokio::net::TcpListener, preview: Preview) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(50)).await; // out of file descriptors, most likely: they come back
            continue;
        };
        let preview = preview.clone();
        tokio::spawn(async move {
            let service = service_fn(|request: Request<Incoming>| {
                let preview = preview.clone();
                let reply = tokio::task::spawn_blocking(move || reply(&request, &preview));
                async move { reply.await.map_err(io::Error::other) }
            });
            // A browser that goes away in the middle is none of our business.
            let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

/// Answers one request. A page whose making panics is an answer too: the preview goes on.
pub fn reply<B>(request: &Request<B>, preview: &Preview) -> Reply {
    let asked = match request::check(request.method(), request.uri(), request.headers()) {
        Ok(asked) => asked,
        Err((status, words)) => {
            let mut refusal = response(Answer::plain(status, words));
            if status == 405 {
                refusal.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            }
            return refusal;
        }
    };
    if asked.path == overlay::EVENTS {
        return events(preview.versions());
    }
    let shown = preview.shown();
    let answer = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| answer(&asked, &shown)));
    response(answer.unwrap_or_else(|_| Answer::plain(500, "Making this page failed: this is a mistake in signalpost. Please report it.")))
}

fn response(answer: Answer) -> Reply {
    let mut response = with_headers(Full::new(answer.body).boxed(), answer.content_type);
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Some(location) = answer.location.and_then(|location| HeaderValue::try_from(location).ok()) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

fn with_headers(body: BoxBody<Bytes, Infallible>, content_type: &'static str) -> Reply {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    response
}

fn events(versions: watch::Receiver<usize>) -> Reply {
    let mut versions = versions;
    versions.mark_changed(); // the present one is told at once
    with_headers(Events { next: Box::pin(next(versions)) }.boxed(), "text/event-stream")
}

/// A body that never ends: a message for each version.
struct Events {
    next: Pin<Box<dyn Future<Output = Option<watch::Receiver<usize>>> + Send + Sync>>,
}

async fn next(mut versions: watch::Receiver<usize>) -> Option<watch::Receiver<usize>> {
    versions.changed().await.ok().map(|()| versions)
}

impl Body for Events {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let Poll::Ready(versions) = self.next.as_mut().poll(context) else { return Poll::Pending };
        Poll::Ready(versions.map(|mut versions| {
            let message = format!("retry: 300\ndata: {}\n\n", overlay::stamp(*versions.borrow_and_update()));
            self.next = Box::pin(next(versions));
            Ok(Frame::data(message.into()))
        }))
    }
}
