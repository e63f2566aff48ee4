var e=`名前
    uniq - 続いている同じ行を一つにする（GNU coreutils 9.1）

書式
    uniq [-c] [-d|-u|-D] [-i] [-f FIELDS] [-s CHARACTERS] [-w CHARACTERS] [FILE]

このマシンで使えるもの
    -c
        行数を先頭に付ける
    -d, -u, -D
        重複したものだけ／一度だけのもの／重複した行をすべて
    -i, -f, -s, -w
        大文字小文字を区別しない／前のフィールドを飛ばす／前の文字を飛ばす／比べる文字数
    離れた行どうしは比べないので、先に sort する。
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};