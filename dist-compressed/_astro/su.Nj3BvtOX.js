var e=`名前
    su - 別のユーザーになる

書式
    su [-] [USER] [-s SHELL] [-c COMMAND]

このマシンで使えるもの
    パスワードがないので root からだけ使える。ふだんは sudo を。
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};