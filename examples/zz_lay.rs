#[path = "../benches/site/mod.rs"]
mod site;
#[path = "../benches/peers/write.rs"]
mod write;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let n: usize = a[1].parse().unwrap();
    let f = match a[2].as_str() {
        "zola" => write::zola(site::Shape::of(n)),
        "hugo" => write::hugo(site::Shape::of(n)),
        _ => write::signalpost(site::Shape::of(n)),
    };
    site::write_files(&f, std::path::Path::new(&a[3])).unwrap();
}
