//! A disk that fails when it is told to, without a privilege: a small library between a program and what it writes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// What a disk answers to every write, by the number of the error; the file that names it is the switch.
#[derive(Clone, Copy, Debug)]
pub enum Trouble {
    Full = 28,
    ReadOnly = 30,
    Lost = 5,
}

pub struct FailingDisk {
    dir: TempDir,
    library: PathBuf,
}

/// Only regular files are touched: a terminal and a pipe are no disk.
const LIBRARY: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static int fails(int fd) {
    struct stat it;
    const char *name = getenv("FAILING_DISK");
    if (!name || fstat(fd, &it) || !S_ISREG(it.st_mode)) return 0;
    FILE *file = fopen(name, "r");
    int code = 0;
    if (file) {
        if (fscanf(file, "%d", &code) != 1) code = 0;
        fclose(file);
    }
    errno = code;
    return code != 0;
}

ssize_t write(int fd, const void *bytes, size_t count) {
    static ssize_t (*real)(int, const void *, size_t);
    if (!real) real = (ssize_t (*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
    return fails(fd) ? -1 : real(fd, bytes, count);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
    static ssize_t (*real)(int, const void *, size_t, off64_t);
    if (!real) real = (ssize_t (*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64");
    return fails(fd) ? -1 : real(fd, bytes, count, at);
}

int fsync(int fd) {
    static int (*real)(int);
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    return fails(fd) ? -1 : real(fd);
}

int ftruncate64(int fd, off64_t size) {
    static int (*real)(int, off64_t);
    if (!real) real = (int (*)(int, off64_t))dlsym(RTLD_NEXT, "ftruncate64");
    return fails(fd) ? -1 : real(fd, size);
}
"#;

impl FailingDisk {
    /// The library is built with the C compiler that every Rust toolchain links with.
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (source, library) = (dir.path().join("failing.c"), dir.path().join("failing.so"));
        fs::write(&source, LIBRARY).unwrap();
        let mut compiler = Command::new("cc");
        let built = compiler.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(&source);
        assert!(built.arg("-ldl").status().unwrap().success(), "the C compiler builds the library");
        Self { dir, library }
    }

    /// What a program is started with so that it stands on this disk.
    pub fn environment(&self) -> [(&str, String); 2] {
        let text = |path: &Path| path.to_str().unwrap().to_owned();
        [("LD_PRELOAD", text(&self.library)), ("FAILING_DISK", text(&self.switch()))]
    }

    pub fn fails(&self, trouble: Trouble) {
        let next = self.dir.path().join("next");
        fs::write(&next, (trouble as i32).to_string()).unwrap();
        fs::rename(next, self.switch()).unwrap();
    }

    pub fn is_back(&self) {
        fs::remove_file(self.switch()).unwrap();
    }

    fn switch(&self) -> PathBuf {
        self.dir.path().join("fails")
    }
}
