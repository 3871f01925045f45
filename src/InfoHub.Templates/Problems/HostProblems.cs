namespace InfoHub.Templates.Problems;

/// <summary>Problems of a host that starts on a store which other hosts use: what they have to have alike.</summary>
public static partial class ProblemCatalogue
{
    public static readonly ProblemKind MasterKeyMissing = new("IH-CFG-025", File, "缺少平台主密钥",
        "数据库里的密钥是用主密钥 {key} 加密的，本机没有主密钥（应在 {file}）。",
        "请从首台主机的数据目录复制 authority/master-key 到 {file}（权限 600），或设置 Hub:MasterKey、Hub:MasterKeyFile；"
        + "恢复备份时须一并恢复该文件。",
        "The master key is missing",
        "The store's keys are sealed with master key {key}: copy authority/master-key of the first host's data folder to "
        + "{file} (mode 600), or set Hub:MasterKey or Hub:MasterKeyFile; a restored dump needs this file of its day.");
    public static readonly ProblemKind MasterKeyDiffers = new("IH-CFG-026", File, "平台主密钥不符",
        "数据库里的密钥（{key}）不是用本机的主密钥 {offered} 加密的（{file}）。",
        "请改用首台主机数据目录中的 authority/master-key；若本机本应使用另一个数据库，请检查 Hub:Store。",
        "The master key is another",
        "The store's keys ({key}) were not sealed with this host's master key {offered} ({file}): use authority/master-key "
        + "of the first host's data folder, or mend Hub:Store if another store was meant.");
    public static readonly ProblemKind ReceiptKeyDiffers = new("IH-CFG-027", File, "回执签名密钥不符",
        "本平台的回执由密钥 {key} 签名，本机给出的是 {offered}。",
        "各主机的 Receipts:KeyFile 应指向同一密钥；要更换密钥，请先把旧密钥的公钥放入数据目录的 receipts/retired，再重新启动全部主机。",
        "The receipt key is another",
        "Receipts of this hub are signed with key {key}, this host offers {offered}: name the same Receipts:KeyFile on "
        + "every host; to change the key put the old public key into receipts/retired of the data folder first and "
        + "restart every host.");
    public static readonly ProblemKind SpoolDiffers = new("IH-CFG-028", File, "接收目录不是同一个",
        "其他主机正在使用 {folder} 接收文件，本机的是 {offered}。",
        "接收文件的各主机须共用同一个 spool 目录：请用 --data 指定同一数据目录（共享盘），或从本机的 --roles 中去掉 intake；"
        + "若那台主机刚停止，请在 15 秒后再启动。",
        "The spool is another",
        "Other hosts take uploads in {folder}, this one in {offered}: share the data folder's spool, or take intake out of "
        + "--roles here; if that host has only just stopped, start this one 15 seconds later.");
    public static readonly ProblemKind SpoolMissing = new("IH-CFG-029", File, "待检查的文件不在本机",
        "{count} 份已收到、未检查完的文件在 {folder}，不在 {offered}。",
        "请把原来的 spool 目录（连同其中的 spool-id）移到 {offered}；若已丢失，请设置 Hub:SpoolLost=true 后启动，"
        + "这些报送会被退回，由部门重新报送。",
        "Files that are due are not here",
        "{count} received files that are not checked lie in {folder}, not in {offered}: move that spool here with its "
        + "spool-id; if it is lost, start with Hub:SpoolLost=true: those submissions are refused and sent again.");
    public static readonly ProblemKind StoreAway = new("IH-CFG-030", File, "数据库连接不上",
        "{what}：{reason}",
        "请检查数据库是否已启动，以及 {key} 中的地址、账号与口令；平台启动时会等待 Hub:StoreWaitSeconds 秒。",
        "The store cannot be opened",
        "{what}: {reason}. See that it runs, and that {key} names the right address, account and secret; a start waits "
        + "for Hub:StoreWaitSeconds.");
    public static readonly ProblemKind PortTaken = new("IH-CFG-031", File, "端口已被占用",
        "{what}：{reason}", "请停止占用端口的程序，或用 --grpc-port、--web-port 指定其他端口。",
        "A port is taken", "{what}: {reason}. Stop what uses it, or name others with --grpc-port and --web-port.");
    public static readonly ProblemKind FolderClosed = new("IH-CFG-032", File, "目录不能读写",
        "{folder}：{reason}", "请用有权限的账号运行，或用 --data 指定其他目录；磁盘已满的请先腾出空间。",
        "A folder cannot be used",
        "{folder}: {reason}. Run under an account that may, name another folder with --data, or make room on the disk.");
    public static readonly ProblemKind SettingUnknown = new("IH-CFG-033", Warn, "配置项不认识",
        "没有名为 {key} 的配置项，它不起作用{near}。", "请核对拼写；全部配置项见 src/guide/operator.md。",
        "A setting is not known",
            "{key} means nothing here{near}: mend its name; src/guide/operator.md has all of them.");
    public static readonly ProblemKind UnfinishedTooMany = new("IH-INT-152", File, "未完成的报送过多",
        "本部门已有 {count} 份报送没有传完，共 {size} MB；上限 {max}。",
        "请先把没有传完的报送传完（重新执行 infohub push 即从断点继续），或用 infohub withdraw 撤回不要的，再报送新的文件。",
        "Too many unfinished uploads",
        "Finish those {count} ({size} MB, at most {max}): push them again, or withdraw what is not wanted.");
}
