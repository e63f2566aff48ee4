var e=`名前
    nano - ファイルを手軽に編集する

書式
    nano FILE

このマシンで使えるもの
    Ctrl+O, Ctrl+X
        保存／終了
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};