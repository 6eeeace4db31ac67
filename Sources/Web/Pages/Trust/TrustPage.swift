import Kernel

/// Explains on each kind of device how to trust the server's own authority (信任本机证书).
struct TrustPage: Sendable {
    static let path = "/trust"
    static let file = "/trust/liuhen-ca.crt"
    var anchor: TrustAnchor

    private struct Guide {
        let device: String
        let steps: [String]
    }

    private static let guides = [
        Guide(
            device: "Windows（Edge、Chrome、360 等浏览器）",
            steps: [
                "下载证书文件，双击打开，选“安装证书”。", "存储位置选“本地计算机”（没有管理员权限的选“当前用户”）。",
                "选“将所有的证书都放入下列存储”，点“浏览”，选“受信任的根证书颁发机构”，完成。", "关闭所有浏览器窗口，重新打开。",
            ]),
        Guide(
            device: "统信 UOS、银河麒麟",
            steps: [
                "下载证书文件，打开终端，进入下载目录。",
                "依次运行：sudo cp liuhen-ca.crt /usr/local/share/ca-certificates/ 和 sudo update-ca-certificates。文件须是 PEM 格式，先运行：openssl x509 -inform der -in liuhen-ca.crt -out liuhen-ca.pem && mv liuhen-ca.pem liuhen-ca.crt。",
                "自带浏览器和 Chrome 类浏览器另有自己的证书库：在浏览器“设置 → 隐私和安全 → 管理证书 → 授权机构”中导入，勾选“信任该证书，以标识网站”。",
            ]),
        Guide(
            device: "Android 手机和平板",
            steps: [
                "下载证书文件。", "打开“设置 → 安全 → 加密与凭据 → 安装证书 → CA 证书”（各厂商名称略有不同，可在设置中搜索“证书”）。",
                "选“仍然安装”，再选下载的 liuhen-ca.crt。系统以后可能提示“网络可能受到监控”，这是安装了证书的正常提示。",
            ]),
        Guide(
            device: "iPhone、iPad",
            steps: [
                "用 Safari 浏览器打开本页，下载证书，允许下载描述文件。", "打开“设置 → 已下载描述文件”，点“安装”。",
                "再打开“设置 → 通用 → 关于本机 → 证书信任设置”，打开 Liuhen Local CA 的开关。少了这一步不起作用。",
            ]),
        Guide(
            device: "火狐（Firefox）浏览器，各种系统",
            steps: [
                "打开“设置 → 隐私与安全 → 证书 → 查看证书 → 证书颁发机构”。", "点“导入”，选下载的文件，勾选“信任由此证书颁发机构来标识网站”。",
            ]),
    ]

    var page: Page {
        Page(
            title: "信任本服务器的证书",
            body: """
                <h1>信任本服务器的证书</h1>
                <p>这台服务器用自己的证书机构加密网络连接。每台电脑、手机第一次使用前要信任它一次，之后浏览器不再警告，别人也不能冒充这台服务器。</p>
                <h2>第一步：下载并核对</h2>
                <p class="actions"><a class="btn" href="\(Self.file)">下载证书 liuhen-ca.crt</a></p>
                <p>安装时设备会显示证书的 SHA-256 指纹。请与系统管理员在服务器上看到的指纹逐位核对，<strong>不要只与本页核对</strong>：本页也可能是冒充的。不一致就不要安装，立即告诉管理员。</p>
                <p class="hint">本页收到的指纹：<code>\(anchor.fingerprintText)</code></p>
                <h2>第二步：按设备安装</h2>
                \(Self.guides.html { guide in """
                    <h3>\(guide.device)</h3>
                    <ol>\(guide.steps.html { "<li>\($0)</li>" })</ol>

                    """ })<h2>第三步：重新打开</h2>
                <p>重新打开浏览器，地址栏不再警告就好了。<a href="/">回到首页</a></p>
                """,
            isNarrow: true)
    }
}
