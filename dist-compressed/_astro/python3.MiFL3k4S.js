var e=`名前
    python3 - Web サーバーだけ

書式
    python3 -m http.server [PORT] [--bind ADDRESS]

このマシンで使えるもの
    Ctrl+C まで動き、応答のたびに自分から切断する。
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};