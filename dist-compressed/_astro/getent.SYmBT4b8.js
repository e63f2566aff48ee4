var e=`名前
    getent - プログラムと同じ方法で名前を引く（glibc 2.36）

書式
    getent services [NAME|PORT[/PROTOCOL] …]
    getent hosts|ahosts NAME …
    getent passwd|group|protocols [NAME …]

このマシンで使えるもの
    見つからないものがあれば、終了ステータスは 2。
    ここにないオプションは使えない。指定すると、その旨が表示される。
`;export{e as default};