//! A headless Chromium, driven over the WebDriver protocol.

use serde_json::{Value, json};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use ureq::http::Response;
use ureq::{Agent, Body};

/// What Chromium is told so that it asks nothing of the network by itself.
const QUIET: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
];
const PATIENCE: Duration = Duration::from_secs(30);

/// A browser with one window. It goes when this does.
pub(crate) struct Browser {
    driver: Child,
    agent: Agent,
    session: String,
    _profile: TempDir,
}

impl Browser {
    /// `None` where there is no chromedriver.
    pub(crate) fn open() -> Option<Browser> {
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|l| l.local_addr())
            .expect("a free port")
            .port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let config = Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .build();
        let profile = TempDir::new().expect("a folder for temporary files");
        let mut browser = Browser {
            driver,
            agent: config.into(),
            session: format!("http://127.0.0.1:{port}"),
            _profile: profile,
        };
        let began = Instant::now();
        while !browser
            .agent
            .get(format!("{}/status", browser.session))
            .call()
            .is_ok_and(|a| a.status() == 200)
        {
            assert!(began.elapsed() < PATIENCE, "chromedriver does not answer");
            std::thread::sleep(Duration::from_millis(50));
        }
        let data = format!("--user-data-dir={}", browser._profile.path().display());
        let args: Vec<&str> = QUIET.into_iter().chain([data.as_str()]).collect();
        let options = json!({"args": args, "perfLoggingPrefs": {"enableNetwork": true}});
        let wanted = json!({"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}});
        let session = browser.post("/session", json!({"capabilities": {"alwaysMatch": wanted}}));
        let id = session["sessionId"]
            .as_str()
            .expect("a session has an id")
            .to_string();
        browser.session = format!("{}/session/{id}", browser.session);
        Some(browser)
    }

    fn post(&self, path: &str, body: Value) -> Value {
        let request = self
            .agent
            .post(format!("{}{path}", self.session))
            .header("content-type", "application/json");
        answer(path, request.send(body.to_string()))
    }

    fn get(&self, path: &str) -> Value {
        answer(
            path,
            self.agent.get(format!("{}{path}", self.session)).call(),
        )
    }

    pub(crate) fn go_to(&self, file: &Path) {
        self.post("/url", json!({"url": format!("file://{}", file.display())}));
    }

    /// What a function body returns.
    pub(crate) fn run(&self, script: &str) -> Value {
        self.post("/execute/sync", json!({"script": script, "args": []}))
    }

    fn devtools(&self, command: &str, params: Value) -> Value {
        self.post(
            "/goog/cdp/execute",
            json!({"cmd": command, "params": params}),
        )
    }

    pub(crate) fn look(&self, [width, height]: [u32; 2], scheme: &str) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500});
        self.devtools("Emulation.setDeviceMetricsOverride", size);
        let scheme = json!({"name": "prefers-color-scheme", "value": scheme});
        self.devtools("Emulation.setEmulatedMedia", json!({"features": [scheme]}));
    }

    pub(crate) fn run_scripts(&self, do_run: bool) {
        self.devtools(
            "Emulation.setScriptExecutionDisabled",
            json!({"value": !do_run}),
        );
    }

    /// Presses keys one after another; special ones by their WebDriver code points.
    pub(crate) fn press(&self, keys: &str) {
        let press = |key: char| {
            [
                json!({"type": "keyDown", "value": key}),
                json!({"type": "keyUp", "value": key}),
            ]
        };
        let actions: Vec<Value> = keys.chars().flat_map(press).collect();
        self.post(
            "/actions",
            json!({"actions": [{"type": "key", "id": "keyboard", "actions": actions}]}),
        );
    }

    fn element(&self, selector: &str) -> Value {
        self.post(
            "/element",
            json!({"using": "css selector", "value": selector}),
        )
    }

    /// The text of an element as it is seen.
    pub(crate) fn text(&self, selector: &str) -> String {
        let element = self.element(selector);
        let id = element
            .as_object()
            .and_then(|e| e.values().next())
            .and_then(Value::as_str)
            .expect("an element has an id");
        self.get(&format!("/element/{id}/text"))
            .as_str()
            .unwrap_or_default()
            .into()
    }

    /// Moves the pointer to the middle of the first element that a selector finds, and clicks there if told to.
    pub(crate) fn point(&self, selector: &str, do_click: bool) {
        let found = self.element(selector);
        let mut actions =
            vec![json!({"type": "pointerMove", "duration": 0, "x": 0, "y": 0, "origin": found})];
        if do_click {
            actions.extend([
                json!({"type": "pointerDown", "button": 0}),
                json!({"type": "pointerUp", "button": 0}),
            ]);
        }
        self.run(&format!(
            "document.querySelector({}).scrollIntoView({{block: 'center', behavior: 'instant'}})",
            json!(selector)
        ));
        self.post(
            "/actions",
            json!({"actions": [{"type": "pointer", "id": "mouse", "actions": actions}]}),
        );
    }

    /// A picture of the window, as PNG in base64.
    pub(crate) fn picture(&self) -> String {
        self.devtools("Page.captureScreenshot", json!({"format": "png"}))["data"]
            .as_str()
            .unwrap_or_default()
            .into()
    }

    /// What the console says.
    pub(crate) fn complaints(&self) -> Vec<Value> {
        self.post("/se/log", json!({"type": "browser"}))
            .as_array()
            .cloned()
            .unwrap_or_default()
    }

    /// The addresses that pages from files asked for, themselves among them.
    pub(crate) fn requests(&self) -> Vec<String> {
        let log = self.post("/se/log", json!({"type": "performance"}));
        let events = log
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|entry| entry["message"].as_str());
        let events = events.filter_map(|message| serde_json::from_str::<Value>(message).ok());
        let sent = events.filter(|event| event["message"]["method"] == "Network.requestWillBeSent");
        let of_files = sent
            .map(|event| event["message"]["params"].clone())
            .filter(|sent| {
                sent["documentURL"]
                    .as_str()
                    .is_some_and(|url| url.starts_with("file:"))
            });
        of_files
            .filter_map(|sent| sent["request"]["url"].as_str().map(String::from))
            .collect()
    }
}

/// The value that WebDriver answers.
fn answer(path: &str, answer: Result<Response<Body>, ureq::Error>) -> Value {
    let read =
        |mut answer: Response<Body>| Ok((answer.status(), answer.body_mut().read_to_string()?));
    let (status, text) = answer
        .and_then(read)
        .unwrap_or_else(|e| panic!("{path}: {e}"));
    assert!(status == 200, "{path}: {text}");
    let mut value: Value = serde_json::from_str(&text).expect("WebDriver speaks JSON");
    value["value"].take()
}

impl Drop for Browser {
    fn drop(&mut self) {
        // ends the browser; chromedriver itself is a child of ours
        let _ = self.agent.delete(&self.session).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
