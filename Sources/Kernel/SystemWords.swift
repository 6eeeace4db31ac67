import Glibc

/// What the system says when a file cannot be had, in the words of whoever named it.
public enum SystemWords {
    /// The meaning of an `errno`, without full stop; its number where none of ours says it.
    public static func chinese(_ code: Int32) -> String {
        switch code {
        case ENOENT: "没有这个文件或者目录"
        case EACCES, EPERM: "没有读写它的权限"
        case ENOTDIR: "路径中有一段不是目录"
        case EISDIR: "它是目录，不是文件"
        case EEXIST: "已有同名的文件或者目录"
        case ELOOP: "链接互相指向，没有尽头"
        case ENAMETOOLONG: "名称过长"
        case ENOSPC, EDQUOT: "磁盘空间不足"
        case EROFS: "磁盘是只读的"
        case EIO: "磁盘读写失败"
        case EMFILE, ENFILE: "打开的文件过多"
        case ENOMEM: "内存不足"
        default: "系统错误 \(code)"
        }
    }
}
