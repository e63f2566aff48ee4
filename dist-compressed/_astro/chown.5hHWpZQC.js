var e=`名前
    chown - ファイルの所有者を変える

書式
    chown USER[:GROUP] FILE …

このマシンで使えるもの
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};