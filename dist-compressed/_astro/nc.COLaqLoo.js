var e=`名前
    nc - 接続する・スキャンする・待ち受ける（OpenBSD netcat 1.219）

書式
    nc [-v] [-n] [-u] [-w SECONDS] [-p PORT] [-s ADDRESS] HOST PORT
    nc -z [-v] HOST PORT[-PORT]
    nc -l [-k] [-u] [[ADDRESS] PORT | -p PORT]

このマシンで使えるもの
    -l, -k
        接続を一つだけ受け入れる／次々に受け入れる
    -z
        ポートに接続できるかどうかだけを調べる
    -v
        結果を表示
    -p, -s
        このポートを送信元にする／このアドレスを送信元にする
    -u
        UDP
    -w
        この秒数で打ち切る
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};