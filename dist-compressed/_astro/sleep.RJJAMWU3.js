var e=`名前
    sleep - 指定した時間だけ待つ

書式
    sleep NUMBER[s|m|h|d] …

このマシンで使えるもの
    長い待ち時間は実際より速く進む。
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};