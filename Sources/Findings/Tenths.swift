extension Double {
    /// The number, rounded to one decimal, as reports show it.
    public var tenths: Double { (self * 10).rounded() / 10 }
}
