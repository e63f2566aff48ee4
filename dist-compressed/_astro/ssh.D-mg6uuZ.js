var e=`名前
    ssh - 別のホストにログインする

書式
    ssh [-p PORT] [-b ADDRESS] [-N] [-f] [USER@]HOST [COMMAND]

このマシンで使えるもの
    -p
        ポート。省略時は 22
    -N, -f
        コマンドを実行しない／バックグラウンドへ。コネクションが残るので観察できる
    ホスト：web、web2、laptop。そこで使えるもの：hostname、whoami、ss、nc、curl、ssh、exit。鍵は用意済み。
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};