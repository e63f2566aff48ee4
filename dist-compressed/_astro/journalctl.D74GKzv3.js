var e=`名前
    journalctl - サービスのログを読む

書式
    journalctl [-u SERVICE]

このマシンで使えるもの
    -u
        このサービスのものだけ
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};