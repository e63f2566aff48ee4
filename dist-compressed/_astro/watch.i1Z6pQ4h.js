var e=`名前
    watch - コマンドを繰り返し実行する

書式
    watch [-n SECONDS] [-t] COMMAND …

このマシンで使えるもの
    Ctrl+C
        終了
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};