var e=`名前
    sysctl - カーネルの設定を読み書きする（procps-ng 4.0.2）

書式
    sysctl [-n|-N|-b] [-e] [-q] KEY …
    sysctl -w KEY=VALUE …
    sysctl -a [-r PATTERN]
    sysctl -p [FILE …]
    sysctl --system

このマシンで使えるもの
    -a
        すべての設定。-r を付けると一致するものだけ
    -n, -N, -b
        値だけ／名前だけ／改行なしの値
    -w
        書き込む（KEY=VALUE だけでも書き込みになる）
    -e, -q
        存在しないキーを無視する／何も表示しない
    -p [FILE]
        ファイルを適用する（パターンも可）。省略時は /etc/sysctl.conf、- なら標準入力
    --system
        起動時に読まれるすべてのファイルを適用する
    --dry-run
        設定する内容を表示するだけで、書き込まない
    KEY の区切りはドットの代わりにスラッシュでもよい。
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};