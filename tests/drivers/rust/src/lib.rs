//! Starts the real binary on a free port, for the tests of the neo4rs driver.
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

pub struct Server {
    pub address: String,
    child: Child,
}

impl Server {
    pub fn start(data: &str) -> Server {
        let binary = std::env::var("SERVER_BINARY").expect("SERVER_BINARY names the server");
        let mut child = Command::new(binary)
            .args(["serve", "--data", data, "--bolt", "127.0.0.1:0", "--http", "off", "--log-level", "warn"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("ready bolt://").expect("the server is ready").to_string();
        Server { address, child }
    }

    /// SIGKILL: what was committed must survive it.
    pub fn kill(self) {}
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn empty_folder(name: &str) -> String {
    let folder = std::env::temp_dir().join(format!("packhouse-rust-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    folder.to_str().unwrap().to_string()
}
