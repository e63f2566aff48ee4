var e=`名前
    diff - 二つのファイルを比べる

書式
    diff [-u | -U LINES] [--label NAME] [-q] [-s] [-i] [-w] [-b] [-N] FILE FILE

このマシンで使えるもの
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};