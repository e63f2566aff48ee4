var e=`名前
    curl - HTTP でページを取得する（7.88.1）

書式
    curl [-v] [-s] [-S] [-i|-I] [-f] [-o FILE] [-w FORMAT] [-m SECONDS] [--connect-timeout SECONDS] [--local-port N[-M]] [--interface ADDRESS] [--resolve HOST:PORT:ADDRESS] [-H LINE] [-A NAME] [-X METHOD] URL …

このマシンで使えるもの
    -v, -s, -S
        詳しく表示／何も表示しない／ただしエラーは表示
    -I, -i
        ヘッダーだけ／ヘッダーも
    -o, -w
        ファイルへ／終わったあとに %{local_port} %{local_ip} %{remote_port} %{http_code} %{errormsg} %{exitcode} %{time_total} などを表示
    --local-port
        このポート（範囲なら最初に空いているもの）を送信元にする
    --interface
        このアドレス（または lo、eth0）から出る
    -f
        400 以上の応答を失敗とみなす
    -m, --connect-timeout
        この秒数で打ち切る
    ほかのスキーム（ftp:// など）は、ポートが応えるかどうかだけ。
    ページは短く、接続元のポートが書かれている。https:// は TLS なしのポート 443。
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};