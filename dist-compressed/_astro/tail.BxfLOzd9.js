var e=`名前
    tail - ファイルの終わりを表示する（GNU coreutils 9.1）

書式
    tail [-n LINES | -c BYTES] [-f] [-q|-v] [FILE …]

このマシンで使えるもの
    -n, -c
        行数／バイト数。+3 なら三つ目から後ろ
    -f
        追加された内容を表示し続ける。Ctrl+C で終わる
    -q, -v
        ファイル名を出さない／いつも出す
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};