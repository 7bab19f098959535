//! A file system between SQLite and the real one: it fails one call, or all from there on, or writes down what
//! reaches the disk. Each thread has a plan of its own, so that points can be taken side by side.
//!
//! Files are real ones; without a plan everything is passed on.
#![allow(unsafe_code, reason = "SQLite calls a file system through C function pointers")]

use std::cell::RefCell;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::path::{Path, PathBuf};
use std::ptr;
use std::sync::Once;

use rusqlite::ffi;

/// What to give as the VFS of a connection, after [`register`].
pub const NAME: &str = "faults";

/// How a call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Any call: `SQLITE_IOERR_READ` and its siblings, `SQLITE_CANTOPEN`. Half of a write arrives.
    IoError,
    /// Writes only, as on a full disk: half of it arrives, then `SQLITE_FULL`.
    DiskFull,
    /// Taking locks only: `SQLITE_BUSY`, as if another process held them.
    Busy,
}

/// Fails the `at`th call that can fail in this way, from 1.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    pub how: How,
    pub at: u64,
    /// All later ones too.
    pub forever: bool,
}

/// What reached the disk, in order.
#[derive(Clone, Debug)]
pub enum Op {
    /// A new name in the folder.
    Create(PathBuf),
    Write(PathBuf, u64, Vec<u8>),
    Truncate(PathBuf, u64),
    /// The file's content is on the disk for good.
    Sync(PathBuf),
    /// So are the names in the folder.
    SyncFolder,
    Delete(PathBuf),
    /// Not of the file system: the program has been told that so many migrations are applied.
    Acknowledged(usize),
}

enum Plan {
    Fail { fault: Fault, calls: u64 },
    Record(Vec<Op>),
}

thread_local! {
    static PLAN: RefCell<Option<Plan>> = const { RefCell::new(None) };
}

/// Makes this thread's next calls fail.
pub fn fail(fault: Fault) {
    PLAN.set(Some(Plan::Fail { fault, calls: 0 }));
}

/// Ends failing: whether a call has failed.
pub fn stop_failing() -> bool {
    match PLAN.take() {
        Some(Plan::Fail { fault, calls }) => calls >= fault.at,
        _ => false,
    }
}

/// Writes down what this thread does from here on.
pub fn record() {
    PLAN.set(Some(Plan::Record(Vec::new())));
}

/// Ends writing down.
pub fn recorded() -> Vec<Op> {
    match PLAN.take() {
        Some(Plan::Record(ops)) => ops,
        _ => Vec::new(),
    }
}

/// Writes down an [`Op`] that the file system does not see.
pub fn note(op: Op) {
    PLAN.with_borrow_mut(|plan| {
        if let Some(Plan::Record(ops)) = plan {
            ops.push(op);
        }
    });
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Call {
    Open,
    Delete,
    Access,
    Read,
    Write,
    Truncate,
    Sync,
    Size,
    Lock,
    ShmMap,
    ShmLock,
}

impl Call {
    fn error(self) -> c_int {
        match self {
            Self::Open => ffi::SQLITE_CANTOPEN,
            Self::Delete => ffi::SQLITE_IOERR_DELETE,
            Self::Access => ffi::SQLITE_IOERR_ACCESS,
            Self::Read => ffi::SQLITE_IOERR_READ,
            Self::Write => ffi::SQLITE_IOERR_WRITE,
            Self::Truncate => ffi::SQLITE_IOERR_TRUNCATE,
            Self::Sync => ffi::SQLITE_IOERR_FSYNC,
            Self::Size => ffi::SQLITE_IOERR_FSTAT,
            Self::Lock => ffi::SQLITE_IOERR_LOCK,
            Self::ShmMap => ffi::SQLITE_IOERR_SHMMAP,
            Self::ShmLock => ffi::SQLITE_IOERR_SHMLOCK,
        }
    }
}

/// The code with which this call has to fail, if it has to.
fn refused(call: Call) -> Option<c_int> {
    PLAN.with_borrow_mut(|plan| {
        let Some(Plan::Fail { fault, calls }) = plan else { return None };
        let code = match fault.how {
            How::IoError => call.error(),
            How::DiskFull if call == Call::Write => ffi::SQLITE_FULL,
            How::Busy if matches!(call, Call::Lock | Call::ShmLock) => ffi::SQLITE_BUSY,
            How::DiskFull | How::Busy => return None,
        };
        *calls += 1;
        (*calls == fault.at || (fault.forever && *calls > fault.at)).then_some(code)
    })
}

/// Registers the VFS, once per process.
pub fn register() {
    static REGISTER: Once = Once::new();
    REGISTER.call_once(|| {
        // SAFETY: the default VFS lives as long as the process. Ours is leaked, so it does too; SQLite copies nothing
        // of it, and writes only its `pNext`.
        let code = unsafe {
            let real = ffi::sqlite3_vfs_find(ptr::null());
            let vfs = Box::new(ffi::sqlite3_vfs {
                iVersion: 2,
                szOsFile: c_int::try_from(size_of::<File>()).unwrap_or(c_int::MAX) + (*real).szOsFile,
                mxPathname: (*real).mxPathname,
                pNext: ptr::null_mut(),
                zName: c"faults".as_ptr(),
                pAppData: real.cast(),
                xOpen: Some(open),
                xDelete: Some(delete),
                xAccess: Some(access),
                xFullPathname: Some(full_pathname),
                xDlOpen: None,
                xDlError: None,
                xDlSym: None,
                xDlClose: None,
                xRandomness: Some(randomness),
                xSleep: Some(sleep),
                xCurrentTime: None,
                xGetLastError: Some(last_error),
                xCurrentTimeInt64: Some(current_time),
                xSetSystemCall: None,
                xGetSystemCall: None,
                xNextSystemCall: None,
            });
            ffi::sqlite3_vfs_register(Box::into_raw(vfs), 0)
        };
        assert_eq!(code, ffi::SQLITE_OK, "SQLite takes a VFS");
    });
}

/// An open file of ours. The real VFS's own follows it in the same piece of memory.
#[repr(C)]
struct File {
    base: ffi::sqlite3_file,
    /// Null for a temporary file.
    name: *const c_char,
    /// The real VFS syncs the folder with the first sync of a journal that it has created.
    syncs_folder: bool,
}

/// The real file behind ours.
fn real(file: *mut ffi::sqlite3_file) -> *mut ffi::sqlite3_file {
    // SAFETY: SQLite allocates `szOsFile` bytes, which is ours and then the real one.
    unsafe { file.cast::<File>().add(1).cast() }
}

/// Calls a method of the real file.
macro_rules! pass {
    ($file:expr, $method:ident $(, $argument:expr)*) => {{
        let real = real($file);
        // SAFETY: `open` has opened the real file, and SQLite calls no method that it does not have by its version.
        unsafe { (*(*real).pMethods).$method.map_or(ffi::SQLITE_NOTFOUND, |method| method(real $(, $argument)*)) }
    }};
}

/// Calls a method of the real VFS.
macro_rules! pass_vfs {
    ($vfs:expr, $method:ident, $missing:expr $(, $argument:expr)*) => {{
        // SAFETY: `register` has put the real VFS there.
        unsafe {
            let real: *mut ffi::sqlite3_vfs = (*$vfs).pAppData.cast();
            (*real).$method.map_or($missing, |method| method(real $(, $argument)*))
        }
    }};
}

fn path(name: *const c_char) -> Option<PathBuf> {
    if name.is_null() {
        return None;
    }
    // SAFETY: SQLite gives NUL-terminated names, and keeps that of a file for as long as it is open.
    let name = unsafe { CStr::from_ptr(name) };
    name.to_str().ok().map(PathBuf::from)
}

fn note_of(file: *mut ffi::sqlite3_file, op: impl FnOnce(PathBuf) -> Op) {
    // SAFETY: every file that comes here was opened by `open`.
    let name = unsafe { (*file.cast::<File>()).name };
    if let Some(path) = path(name) {
        note(op(path));
    }
}

unsafe extern "C" fn open(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    // SAFETY: SQLite asks to close a file only where its methods are set, even if this fails.
    unsafe { (*file).pMethods = ptr::null() };
    if let Some(code) = refused(Call::Open) {
        return code;
    }
    let new = path(name).is_some_and(|path| !Path::new(&path).exists());
    let code = pass_vfs!(vfs, xOpen, ffi::SQLITE_CANTOPEN, name, real(file), flags, out_flags);
    if code == ffi::SQLITE_OK {
        // As the real one decides it.
        let journal = flags & (ffi::SQLITE_OPEN_MAIN_JOURNAL | ffi::SQLITE_OPEN_WAL) != 0;
        let created = flags & ffi::SQLITE_OPEN_CREATE != 0;
        // SAFETY: the memory is SQLite's, `szOsFile` long, and ours until `close`.
        unsafe {
            ptr::addr_of_mut!((*file.cast::<File>()).name).write(name);
            ptr::addr_of_mut!((*file.cast::<File>()).syncs_folder).write(created && journal);
            (*file).pMethods = &METHODS;
        }
        if new {
            note_of(file, Op::Create);
        }
    }
    code
}

unsafe extern "C" fn delete(vfs: *mut ffi::sqlite3_vfs, name: *const c_char, sync_folder: c_int) -> c_int {
    if let Some(code) = refused(Call::Delete) {
        return code;
    }
    let code = pass_vfs!(vfs, xDelete, ffi::SQLITE_IOERR_DELETE, name, sync_folder);
    if code == ffi::SQLITE_OK
        && let Some(path) = path(name)
    {
        note(Op::Delete(path));
        if sync_folder != 0 {
            note(Op::SyncFolder);
        }
    }
    code
}

unsafe extern "C" fn access(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    refused(Call::Access)
        .unwrap_or_else(|| pass_vfs!(vfs, xAccess, ffi::SQLITE_IOERR_ACCESS, name, flags, out))
}

unsafe extern "C" fn full_pathname(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    length: c_int,
    out: *mut c_char,
) -> c_int {
    pass_vfs!(vfs, xFullPathname, ffi::SQLITE_CANTOPEN, name, length, out)
}

unsafe extern "C" fn randomness(vfs: *mut ffi::sqlite3_vfs, length: c_int, out: *mut c_char) -> c_int {
    pass_vfs!(vfs, xRandomness, 0, length, out)
}

unsafe extern "C" fn sleep(vfs: *mut ffi::sqlite3_vfs, microseconds: c_int) -> c_int {
    // A log whose locks are never free is asked for a hundred times, which would take SQLite ten seconds a point.
    let in_vain = PLAN.with_borrow(|plan| matches!(plan, Some(Plan::Fail { fault, .. }) if fault.forever));
    if in_vain { microseconds } else { pass_vfs!(vfs, xSleep, 0, microseconds) }
}

unsafe extern "C" fn last_error(vfs: *mut ffi::sqlite3_vfs, length: c_int, out: *mut c_char) -> c_int {
    pass_vfs!(vfs, xGetLastError, 0, length, out)
}

unsafe extern "C" fn current_time(vfs: *mut ffi::sqlite3_vfs, out: *mut i64) -> c_int {
    pass_vfs!(vfs, xCurrentTimeInt64, ffi::SQLITE_ERROR, out)
}

/// Version 2: with shared memory for WAL, and without memory-mapped files, whose writes nobody would see.
static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    pass!(file, xClose)
}

unsafe extern "C" fn read(file: *mut ffi::sqlite3_file, out: *mut c_void, length: c_int, at: i64) -> c_int {
    refused(Call::Read).unwrap_or_else(|| pass!(file, xRead, out, length, at))
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    data: *const c_void,
    length: c_int,
    at: i64,
) -> c_int {
    let refused = refused(Call::Write);
    let length = if refused.is_some() { length / 2 } else { length };
    let code = pass!(file, xWrite, data, length, at);
    if code == ffi::SQLITE_OK {
        note_of(file, |path| {
            let length = usize::try_from(length).unwrap_or_default();
            // SAFETY: SQLite gives so many bytes to write.
            let data = unsafe { std::slice::from_raw_parts(data.cast::<u8>(), length) };
            Op::Write(path, u64::try_from(at).unwrap_or_default(), data.to_vec())
        });
    }
    refused.unwrap_or(code)
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: i64) -> c_int {
    if let Some(code) = refused(Call::Truncate) {
        return code;
    }
    let code = pass!(file, xTruncate, size);
    if code == ffi::SQLITE_OK {
        note_of(file, |path| Op::Truncate(path, u64::try_from(size).unwrap_or_default()));
    }
    code
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    if let Some(code) = refused(Call::Sync) {
        return code;
    }
    let code = pass!(file, xSync, flags);
    if code == ffi::SQLITE_OK {
        note_of(file, Op::Sync);
        // SAFETY: `open` has written the field, and SQLite uses a file in one thread at a time.
        let syncs_folder = unsafe { &mut (*file.cast::<File>()).syncs_folder };
        if std::mem::take(syncs_folder) {
            note(Op::SyncFolder);
        }
    }
    code
}

unsafe extern "C" fn file_size(file: *mut ffi::sqlite3_file, out: *mut i64) -> c_int {
    refused(Call::Size).unwrap_or_else(|| pass!(file, xFileSize, out))
}

unsafe extern "C" fn lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    refused(Call::Lock).unwrap_or_else(|| pass!(file, xLock, level))
}

unsafe extern "C" fn unlock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    pass!(file, xUnlock, level)
}

unsafe extern "C" fn check_reserved_lock(file: *mut ffi::sqlite3_file, out: *mut c_int) -> c_int {
    pass!(file, xCheckReservedLock, out)
}

unsafe extern "C" fn file_control(file: *mut ffi::sqlite3_file, op: c_int, argument: *mut c_void) -> c_int {
    pass!(file, xFileControl, op, argument)
}

unsafe extern "C" fn sector_size(file: *mut ffi::sqlite3_file) -> c_int {
    pass!(file, xSectorSize)
}

unsafe extern "C" fn device_characteristics(file: *mut ffi::sqlite3_file) -> c_int {
    pass!(file, xDeviceCharacteristics)
}

unsafe extern "C" fn shm_map(
    file: *mut ffi::sqlite3_file,
    region: c_int,
    size: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    refused(Call::ShmMap).unwrap_or_else(|| pass!(file, xShmMap, region, size, extend, out))
}

unsafe extern "C" fn shm_lock(
    file: *mut ffi::sqlite3_file,
    offset: c_int,
    count: c_int,
    flags: c_int,
) -> c_int {
    let takes = flags & ffi::SQLITE_SHM_LOCK != 0;
    takes
        .then(|| refused(Call::ShmLock))
        .flatten()
        .unwrap_or_else(|| pass!(file, xShmLock, offset, count, flags))
}

unsafe extern "C" fn shm_barrier(file: *mut ffi::sqlite3_file) {
    let real = real(file);
    // SAFETY: as for `pass!`.
    unsafe {
        if let Some(barrier) = (*(*real).pMethods).xShmBarrier {
            barrier(real);
        }
    }
}

unsafe extern "C" fn shm_unmap(file: *mut ffi::sqlite3_file, delete: c_int) -> c_int {
    pass!(file, xShmUnmap, delete)
}
