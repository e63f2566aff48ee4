var e=`名前
    whoami - 自分のユーザー名

書式
    whoami

このマシンで使えるもの
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};